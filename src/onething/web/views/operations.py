"""How the site runs: one overview that keeps itself fresh, and its nodes."""

from flask import Blueprint, render_template
from sqlalchemy import Connection

from onething import runtime
from onething.definitions import Service
from onething.web.node import actor, host
from onething.web.views.jobs import by_department, waiting_gates

pages = Blueprint("operations", __name__)
FULL = 0.9
"""A disk that is so full is said to be."""


@pages.get("/operations")
def index() -> str:
    """Show database, nodes, queues, incidents, running cases, disk, proofs and the calendar."""
    site = runtime.view_site(host(), actor())
    with host().database.read() as conn:
        named = [(one, _service(conn, one)) for one in site.running]
    now, beat = host().clock(), host().settings.beat_seconds
    return render_template(
        "operations/index.html",
        site=site,
        health=site.health,
        departments=by_department(site.queues),
        gates=waiting_gates(),
        can_act="operator" in actor().roles,
        alive=sum(one.is_alive(now, beat) for one in site.nodes),
        lost=sum(one.stopped_at is None and not one.is_alive(now, beat) for one in site.nodes),
        running=named,
        most=max((one.count for one in site.running), default=0),
        now=now,
        disk_used=1 - site.disk_free_bytes / site.disk_total_bytes,
        full=FULL,
        calendar=host().calendar.version,
        missing_year=host().missing_year,
    )


@pages.get("/operations/nodes")
def nodes() -> str:
    """List the processes of the site and when each last said that it lives."""
    return render_template(
        "operations/nodes.html",
        nodes=runtime.list_nodes(host(), actor()),
        now=host().clock(),
        beat_seconds=host().settings.beat_seconds,
    )


def _service(conn: Connection, one: runtime.Running) -> Service:
    return host().definitions.get(conn, one.service, one.number).service
