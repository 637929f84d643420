"""How the site runs: what waits for machines and people, and how many cases run."""

from flask import Blueprint, render_template
from sqlalchemy import Connection

from onething import runtime
from onething.definitions import Service
from onething.web.node import actor, host

pages = Blueprint("operations", __name__)


@pages.get("/operations")
def index() -> str:
    """Show queues, incidents, running cases and the calendar."""
    health, running = runtime.view_operations(host(), actor())
    with host().database.read() as conn:
        named = [(one, _service(conn, one)) for one in running]
    return render_template(
        "operations/index.html",
        health=health,
        running=named,
        now=host().clock(),
        calendar=host().calendar.version,
        missing_year=host().missing_year,
        database="SQLite" if host().database.is_sqlite else "PostgreSQL",
    )


def _service(conn: Connection, one: runtime.Running) -> Service:
    return host().definitions.get(conn, one.service, one.number).service
