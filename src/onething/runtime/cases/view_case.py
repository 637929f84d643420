"""Read a case: what this person may see of it, and a line in the access log for having looked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from onething import cases, history, jobs, materials, tasks
from onething.cases import CaseRow, ItemRow
from onething.definitions import Definition, Service
from onething.documents import DocumentRow
from onething.errors import NotFound
from onething.forms import Form, project
from onething.history import Event
from onething.identity import Actor
from onething.jobs import TimerRow
from onething.materials import MaterialRow
from onething.runtime.cases.visible_parts import (
    visible_documents,
    visible_materials,
    visible_reasons,
)
from onething.runtime.host import Host
from onething.runtime.permissions import owns_case, sees_case
from onething.runtime.rebuild import MIGRATED
from onething.runtime.sealing import text_opener
from onething.runtime.sharing.visible_shared import ObjectionView, objections_seen, shared_notes
from onething.tasks import Filter, TaskRow

ALL_STATES = ("open", "claimed", "completed", "cancelled")


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a diagram at which the case stands."""

    process: str
    activity: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as one person may see it."""

    case: CaseRow
    service: Service
    items: list[ItemRow]
    tasks: list[TaskRow]
    """Live tasks first; all of them, by department only: their data are not here."""
    data: dict[str, Any]
    """The application's elements that the person's post may see."""
    materials: list[MaterialRow]
    documents: list[DocumentRow]
    timers: list[TimerRow]
    places: list[Place]
    """Where tokens stand now."""
    done: list[Place] = field(default_factory=list)
    """Nodes that have ended."""
    shared: list[dict[str, Any]] = field(default_factory=list)
    """What of the visible elements departments gave: path, operation, department, askedAt."""
    objections: list[ObjectionView] = field(default_factory=list)
    """What the applicant says is wrong in shared values of the visible elements."""


def view_case(host: Host, actor: Actor, case_no: str, page: str = "case") -> CaseView:
    """Return a case as this person may see it, and log the reading.

    Raises:
        NotFound: There is none, or it is not this person's to see; the attempt is logged.
    """
    with host.database.read() as conn:
        case = cases.get(conn, case_no)
        allowed = sees_case(actor, conn, case)
        view = _view(host, conn, actor, case) if allowed else None
    log_access(host, actor, case_no, page, sorted(view.data) if view else [], allowed=allowed)
    if view is None:
        raise NotFound(f"No case {case_no}")
    return view


def log_access(  # noqa: PLR0913 - the columns of one line
    host: Host,
    actor: Actor,
    case_no: str | None,
    page: str,
    elements: Iterable[str],
    *,
    allowed: bool,
    purpose: str = "",
) -> None:
    """Write one reading of personal data, a refused one too, into the access log."""
    at = host.clock()
    reading = history.Reading(
        at=at,
        actor=actor.user,
        post=actor.post_name,
        case_no=case_no,
        page=page,
        fields=tuple(elements),
        purpose=purpose or page,
        is_allowed=allowed,
    )
    host.access_log.record(reading)


def visible_elements(
    conn: Connection, actor: Actor, case: CaseRow, service: Service
) -> list[str] | None:
    """Return the elements that a person may see: None means all of the application.

    The applicant sees the own application; a clerk sees what the items of the own department
    and the lanes of the own post declare; an auditor reads history and sees no element here.
    """
    if actor.is_system or owns_case(actor, conn, case):
        return None
    if actor.department is None:
        return []
    declared = [item.elements for item in service.items if item.department == actor.department]
    declared += [
        lane.elements for lane in service.lanes if lane.is_of(actor.department, actor.post)
    ]
    seen = {element for elements in declared for element in elements}
    return None if "*" in seen else sorted(seen)


def _view(host: Host, conn: Connection, actor: Actor, case: CaseRow) -> CaseView:
    definition = host.definitions.get(conn, case.service, case.number)
    elements = visible_elements(conn, actor, case, definition.service)
    events = list(events_of(host, conn, case.instance_id))
    data = application_data(definition, events)
    if elements is not None:
        data = project(data, elements)
    unseal = text_opener(host.keys, conn, case.instance_id)
    wanted = Filter(instance_id=case.instance_id, states=ALL_STATES)
    every = tasks.worklist(conn, wanted, limit=500)
    places, done = standing(events)
    return CaseView(
        case=case,
        service=definition.service,
        items=visible_reasons(
            cases.items(conn, case.instance_id, unseal),
            actor,
            definition.service,
            sees_all=elements is None,
        ),
        tasks=sorted(every, key=lambda task: not task.is_live),
        data=data,
        materials=visible_materials(
            materials.of_case(conn, case.instance_id, unseal),
            actor,
            definition.service,
            None if elements is None else data,
        ),
        documents=visible_documents(conn, actor, case, definition.service),
        timers=jobs.timers_of(conn, case.instance_id),
        places=places,
        done=done,
        shared=shared_notes(events, elements),
        objections=objections_seen(host, conn, case.instance_id, elements),
    )


def events_of(host: Host, conn: Connection, instance_id: str) -> Iterable[Event]:
    """Return the events of an instance with their personal values, read in batches."""
    return history.read(conn, host.keys, instance_id)


def application_data(definition: Definition, events: Iterable[Event]) -> dict[str, Any]:
    """Return the newest values of the application form's top-level names."""
    names = top_names(definition.application)
    data: dict[str, Any] = {}
    for event in events:
        personal = event.personal or {}
        changed = personal.get("input", {}).get("variables", {}) | personal.get("variables", {})
        data |= {name: value for name, value in changed.items() if name in names}
    return data


def top_names(form: Form) -> set[str]:
    """Return the names of the variables that a form fills."""
    return {field.path.partition(".")[0].partition("[")[0] for field in form.fields}


def standing(events: Iterable[Event]) -> tuple[list[Place], list[Place]]:
    """Return where tokens stand after the events, and which nodes have ended, in order."""
    live: dict[str, Place] = {}
    done: dict[Place, None] = {}
    for event in events:
        if event.kind == MIGRATED:
            done = renamed(done, event.input["mapping"])
        for activity, token, process in event.effects.get("moved", ()):
            if token in live:
                live[token] = Place(process, activity)
        for activity, token, process in event.effects.get("began", ()):
            live[token] = Place(process, activity)
        for activity, token, process in event.effects.get("ended", ()):
            live.pop(token, None)
            done[Place(process, activity)] = None
        for _activity, token, _process in event.effects.get("cancelled", ()):
            live.pop(token, None)
    return list(dict.fromkeys(live.values())), list(done)


def renamed(done: Iterable[Place], mapping: Mapping[str, str]) -> dict[Place, None]:
    """Return the nodes that have ended, in order, as the diagram calls them after a migration."""
    names = {old: new for old, new in mapping.items() if new}
    return {
        Place(names.get(one.process, one.process), names.get(one.activity, one.activity)): None
        for one in done
    }
