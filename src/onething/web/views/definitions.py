"""Definitions as they are deployed: services, diagrams, decision tables, forms."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from onething import definitions
from onething.definitions import Definition, DeploymentRow
from onething.engine import ActivityInfo
from onething.errors import NotFound
from onething.runtime import require_role
from onething.web.dmn import tables
from onething.web.drawings import drawing
from onething.web.form_names import form_names
from onething.web.language import language
from onething.web.node import actor, host

pages = Blueprint("definitions", __name__)
READERS = ("designer", "operator", "auditor", "supervisor")


@dataclass(frozen=True, slots=True)
class Deployed:
    """One service with its newest deployment."""

    row: DeploymentRow
    definition: Definition

    @property
    def diagrams(self) -> int:
        """How many processes it holds."""
        return len(self.definition.process.process_ids)


@pages.get("/definitions")
def index() -> str:
    """List every service with its newest deployment."""
    _require_reader()
    with host().database.read() as conn:
        rows = definitions.newest_of_all(conn)
        loaded = (host().definitions.get(conn, one.service, one.number) for one in rows)
        found = [Deployed(row, one) for row, one in zip(rows, loaded, strict=True)]
    return render_template("definitions/index.html", found=found)


@pages.get("/definitions/<service>")
@pages.get("/definitions/<service>/<int:number>")
def show(service: str, number: int | None = None) -> str:
    """Show what a deployment is made of."""
    _require_reader()
    with host().database.read() as conn:
        rows = definitions.all_of(conn, service)
    row = next((one for one in rows if number in (None, one.number)), None)
    if row is None:
        raise NotFound(f"No deployment {service}@{number}")
    definition = _definition(service, row.number)
    return render_template(
        "definitions/show.html",
        row=row,
        rows=rows,
        definition=definition,
        processes=sorted(definition.process.names.items(), key=_shared_last),
        tables=tables(definition),
        forms=sorted(form_names(definition).items(), key=_shared_last),
        can_migrate=len(rows) > 1 and "operator" in actor().roles,
    )


@pages.get("/definitions/<service>/<int:number>/processes/<process>")
def process(service: str, number: int, process: str) -> str:
    """Show one diagram with its activities."""
    _require_reader()
    definition = _definition(service, number)
    if process not in definition.process.process_ids:
        raise NotFound(f"No process {process}")
    return render_template(
        "definitions/process.html",
        definition=definition,
        drawing=drawing(definition, process, []),
        activities=_work(definition.process.activities(process)),
    )


@pages.get("/definitions/<service>/<int:number>/decisions/<decision>")
def decision(service: str, number: int, decision: str) -> str:
    """Show one decision table."""
    _require_reader()
    definition = _definition(service, number)
    table = next((one for one in tables(definition) if one.id == decision), None)
    if table is None:
        raise NotFound(f"No decision {decision}")
    return render_template("definitions/decision.html", definition=definition, table=table)


@pages.get("/definitions/<service>/<int:number>/forms/<path:form_id>")
def form(service: str, number: int, form_id: str) -> str:
    """Show a form as people meet it, empty."""
    _require_reader()
    definition = _definition(service, number)
    environment = host().environment(host().clock())
    fields = definition.form(form_id).view({}, {}, environment, language=language())
    return render_template(
        "definitions/form.html",
        definition=definition,
        form_id=form_id,
        name=form_names(definition).get(form_id, form_id),
        fields=fields,
    )


def _require_reader() -> None:
    require_role(actor(), *READERS)


def _definition(service: str, number: int) -> Definition:
    with host().database.read() as conn:
        return host().definitions.get(conn, service, number)


def _shared_last(pair: tuple[str, str]) -> tuple[bool, str]:
    return pair[0].startswith(("shared-", "_shared/")), pair[0]


def _work(activities: list[ActivityInfo]) -> list[ActivityInfo]:
    """Return the activities that somebody or something performs."""
    return [one for one in activities if one.form or one.operation]
