"""What services take off people, and what their cases really took, for those who supervise."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from onething import catalog, runtime
from onething.catalog import Relief
from onething.definitions import Definition, Service
from onething.runtime import CaseFigures
from onething.web import period
from onething.web.node import actor, host
from onething.web.shown import services

pages = Blueprint("relief", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One service: from its definition, and from its cases."""

    service: Service
    relief: Relief
    cases: CaseFigures


@pages.get("/supervision/relief")
def index() -> str:
    """Show what every service comes to, its cases in the last 90 days unless asked otherwise."""
    runtime.require_role(actor(), *runtime.READERS_OF_RELIEF)
    return render_template(
        "supervision/relief.html",
        rows=[_row(one) for one in services(host())],
        fewest=runtime.FEWEST,
        asked=request.args.to_dict(),
    )


def _row(one: Definition) -> Row:
    asked, zone = period.asked(), host().zone
    since, until = asked.since(zone), asked.until(zone)
    real = runtime.relief_of_cases(host(), actor(), one.service.code, since, until)
    return Row(one.service, catalog.relief(one), real)
