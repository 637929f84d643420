"""Instances as operators search them: what runs, since when, and where it waits. No names."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from onething import cases, history, instances, jobs, messages
from onething.definitions import Definition
from onething.identity import Actor
from onething.incidents import IncidentRow, listing
from onething.incidents.models import incident
from onething.instances import LIVE, InstanceRow
from onething.instances.models import instance
from onething.jobs import JobRow, TimerRow
from onething.jobs.models import outbox, timer
from onething.messages import HeldMessage
from onething.messages.models import subscription
from onething.runtime.cases.view_case import Place, standing
from onething.runtime.host import Host
from onething.runtime.operating.suspend import Suspension, suspension
from onething.runtime.permissions import require_role
from onething.tasks import LIVE as LIVE_TASKS
from onething.tasks.models import task

READERS = ("operator", "auditor")
STATUSES = ("active", "suspended", "completed", "cancelled", "failed")
MOST_COUNTED = 10_000
"""Further than this, a search says only that there are more."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which instances are asked for; None leaves a criterion out."""

    case_no: str | None = None
    """The beginning of the case number."""
    service: str | None = None
    number: int | None = None
    """The deployment of the service."""
    status: str | None = None
    """One of STATUSES; None asks for those that have not ended."""
    activity: str | None = None
    """Where it waits: an activity's id, or the operation of a call."""
    started_before: datetime | None = None
    has_incident: bool = False

    def told(self) -> dict[str, Any]:
        """Return what was asked for, as JSON keeps it."""
        found = {name: value for name, value in asdict(self).items() if value}
        if self.started_before is not None:
            found["started_before"] = self.started_before.isoformat()
        return found


@dataclass(frozen=True, slots=True)
class Found:
    """One instance of a search."""

    row: InstanceRow
    waits_at: tuple[str, ...]
    """Activities with a task, timer or incident, operations of calls; else those with a message."""
    incidents: int


@dataclass(frozen=True, slots=True)
class InstanceView:
    """One instance as an operator sees it: no value of the case is in it."""

    row: InstanceRow
    definition: Definition
    places: list[Place]
    suspension: Suspension | None
    incidents: list[IncidentRow]
    jobs: list[JobRow]
    timers: list[TimerRow]
    held: list[HeldMessage]
    """What came for it while it was suspended."""


def search_instances(
    host: Host, actor: Actor, wanted: Search, *, after: str | None = None, limit: int = 50
) -> list[Found]:
    """Return instances, oldest first, at most `limit`, beginning after an instance's id.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
        NotFound: `after` names no instance.
    """
    require_role(actor, *READERS)
    with host.database.read() as conn:
        query = _narrowed(select(instance), wanted)
        if after is not None:
            query = query.where(_behind(instances.get(conn, after)))
        rows = [InstanceRow(*row) for row in conn.execute(_ordered(query).limit(limit))]
        ids = [row.instance_id for row in rows]
        waits, counted = _waits(conn, ids), _incidents(conn, ids)
    return [
        Found(row, tuple(waits.get(row.instance_id, ())), counted.get(row.instance_id, 0))
        for row in rows
    ]


def count_instances(host: Host, actor: Actor, wanted: Search) -> int:
    """Return how many instances a search finds; MOST_COUNTED + 1 for more than that.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
    """
    require_role(actor, *READERS)
    some = _narrowed(select(instance.c.instance_id), wanted).limit(MOST_COUNTED + 1).subquery()
    with host.database.read() as conn:
        return int(conn.execute(select(func.count()).select_from(some)).scalar_one())


def view_instance(host: Host, actor: Actor, case_no: str) -> InstanceView:
    """Return one instance with what it waits for, by its case number.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
        NotFound: No such case.
    """
    require_role(actor, *READERS)
    with host.database.read() as conn:
        row = instances.get(conn, cases.get(conn, case_no).instance_id)
        instance_id = row.instance_id
        places, _done = standing(history.read(conn, None, instance_id))
        return InstanceView(
            row=row,
            definition=host.definitions.get(conn, row.service, row.number),
            places=places,
            suspension=suspension(conn, instance_id),
            incidents=listing(conn, instance_id=instance_id),
            jobs=jobs.of_instance(conn, instance_id),
            timers=jobs.timers_of(conn, instance_id),
            held=messages.held_for(conn, instance_id),
        )


def every_instance(conn: Connection, wanted: Search, limit: int) -> Iterator[tuple[str, str]]:
    """Yield id and case number of what a search finds, oldest first."""
    query = _narrowed(select(instance.c.instance_id, instance.c.case_no), wanted)
    for row in conn.execute(_ordered(query).limit(limit)):
        yield row[0], row[1]


def _narrowed(query: Select[Any], wanted: Search) -> Select[Any]:
    statuses = LIVE if wanted.status is None else (wanted.status,)
    query = query.where(instance.c.status.in_(statuses))
    is_live = wanted.status is None or wanted.status in LIVE
    ended = instance.c.ended_at
    query = query.where(
        ended.is_(None) if is_live else ended.is_not(None)
    )  # as the indexes have it
    for name in ("service", "number"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(instance.c[name] == value)
    if wanted.case_no:
        query = query.where(instance.c.case_no.startswith(wanted.case_no, autoescape=True))
    if wanted.started_before is not None:
        query = query.where(instance.c.started_at < wanted.started_before)
    if wanted.activity:
        query = query.where(_waits_at(wanted.activity))
    if wanted.has_incident:
        query = query.where(instance.c.instance_id.in_(_with_incident()))
    return query


def _waits_at(activity: str) -> ColumnElement[bool]:
    """Return what an instance must be to wait at an activity, or for an operation's answer."""
    is_open = task.c.state.in_(LIVE_TASKS) & task.c.closed_at.is_(None)  # as its index has it
    at_task = (task.c.activity == activity) & is_open
    at_incident = (incident.c.activity == activity) & (incident.c.state == "open")
    asked = (outbox.c.operation == activity) & outbox.c.state.in_(jobs.UNANSWERED)
    places = (
        select(task.c.instance_id).where(at_task),
        select(timer.c.instance_id).where(timer.c.activity == activity),
        select(subscription.c.instance_id).where(subscription.c.activity == activity),
        select(incident.c.instance_id).where(at_incident),
        select(outbox.c.instance_id).where(asked),
    )
    return or_(*(instance.c.instance_id.in_(one) for one in places))


def _with_incident() -> Select[tuple[str]]:
    return select(incident.c.instance_id).where(incident.c.state == "open")


def _ordered(query: Select[Any]) -> Select[Any]:
    return query.order_by(instance.c.started_at, instance.c.instance_id)


def _behind(last: InstanceRow) -> ColumnElement[bool]:
    same = instance.c.started_at == last.started_at
    is_later = instance.c.started_at > last.started_at
    return is_later | (same & (instance.c.instance_id > last.instance_id))


def _waits(conn: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return where some instances wait, each place once.

    A message is named where nothing else holds an instance: most could be withdrawn at any time.
    """
    stopped = incident.c.state == "open", incident.c.kind == "step"
    places = (
        select(task.c.instance_id, task.c.activity).where(task.c.state.in_(LIVE_TASKS)),
        select(outbox.c.instance_id, outbox.c.operation).where(outbox.c.state.in_(jobs.UNANSWERED)),
        select(timer.c.instance_id, timer.c.activity),
        select(incident.c.instance_id, incident.c.activity).where(*stopped),
    )
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for query in places:
        _note(conn, query, ids, found)
    idle = [one for one in ids if one not in found]
    _note(conn, select(subscription.c.instance_id, subscription.c.activity), idle, found)
    return {name: list(at) for name, at in found.items()}


def _note(
    conn: Connection,
    query: Select[Any],
    ids: Sequence[str],
    found: dict[str, dict[str, None]],
) -> None:
    """Add what a query of instance and place finds for some instances."""
    if not ids:
        return
    for instance_id, place in conn.execute(query.where(query.selected_columns[0].in_(ids))):
        found[instance_id][place] = None


def _incidents(conn: Connection, ids: Sequence[str]) -> dict[str, int]:
    if not ids:
        return {}
    query = select(incident.c.instance_id, func.count()).where(
        incident.c.instance_id.in_(ids), incident.c.state == "open"
    )
    rows = conn.execute(query.group_by(incident.c.instance_id))
    return {row[0]: row[1] for row in rows}
