"""Incidents by what caused them: three hundred cases that one system stopped are one trouble."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from onething import incidents
from onething.identity import Actor
from onething.incidents import IncidentRow
from onething.incidents.models import incident
from onething.jobs.models import outbox
from onething.runtime.host import Host
from onething.runtime.permissions import require_role

_MOST_CAUSES = 50
_JOINED = incident.outerjoin(
    outbox,
    and_(
        outbox.c.instance_id == incident.c.instance_id,
        outbox.c.effect_key == incident.c.effect_key,
    ),
)
"""Only the runtime knows that an incident's effect is a job of the outbox."""


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which open incidents are asked for; None leaves a criterion out."""

    service: str | None = None
    activity: str | None = None
    code: str | None = None
    operation: str | None = None
    department: str | None = None
    """Whose operation gave up."""
    raised_before: datetime | None = None

    def told(self) -> dict[str, Any]:
        """Return what was asked for, as JSON keeps it."""
        found = {name: value for name, value in asdict(self).items() if value is not None}
        if self.raised_before is not None:
            found["raised_before"] = self.raised_before.isoformat()
        return found


@dataclass(frozen=True, slots=True)
class Cause:
    """Open incidents that have service, activity, code and operation in common."""

    service: str
    activity: str
    code: str
    operation: str | None
    """None for a step of the process itself."""
    count: int
    oldest: datetime
    newest: datetime


def list_causes(host: Host, actor: Actor, wanted: IncidentFilter) -> list[Cause]:
    """Return open incidents grouped by their cause, the commonest first, at most fifty groups.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
    """
    require_role(actor, "operator", "auditor")
    cause = incident.c.service, incident.c.activity, incident.c.code, outbox.c.operation
    counted = func.count().label("count")
    first, last = func.min(incident.c.raised_at), func.max(incident.c.raised_at)
    query = _narrowed(select(*cause, counted, first, last).select_from(_JOINED), wanted)
    query = query.group_by(*cause).order_by(counted.desc(), *cause).limit(_MOST_CAUSES)
    with host.database.read() as conn:
        return [Cause(*row) for row in conn.execute(query)]


def find_incidents(
    host: Host,
    actor: Actor,
    wanted: IncidentFilter,
    *,
    after: str | None = None,
    limit: int = 50,
) -> list[IncidentRow]:
    """Return open incidents that a filter finds, oldest first, beginning after a public id.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
        NotFound: `after` names no incident.
    """
    require_role(actor, "operator", "auditor")
    with host.database.read() as conn:
        query = _narrowed(select(incident).select_from(_JOINED), wanted)
        if after is not None:
            query = query.where(_behind(incidents.get(conn, after)))
        return [IncidentRow(*row) for row in conn.execute(_ordered(query).limit(limit))]


def every_incident(
    conn: Connection, wanted: IncidentFilter, limit: int
) -> Iterator[tuple[str, str, str]]:
    """Yield instance, case number and public id of what a filter finds, oldest first."""
    columns = incident.c.instance_id, incident.c.case_no, incident.c.incident_id
    query = _narrowed(select(*columns).select_from(_JOINED), wanted)
    for instance_id, case_no, incident_id in conn.execute(_ordered(query).limit(limit)):
        yield instance_id, case_no, f"{instance_id}-{incident_id}"


def _narrowed(query: Select[Any], wanted: IncidentFilter) -> Select[Any]:
    query = query.where(incident.c.state == "open")
    for name in ("service", "activity", "code"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(incident.c[name] == value)
    if wanted.operation is not None:
        query = query.where(outbox.c.operation == wanted.operation)
    if wanted.department is not None:
        query = query.where(outbox.c.department == wanted.department)
    if wanted.raised_before is not None:
        query = query.where(incident.c.raised_at < wanted.raised_before)
    return query


def _ordered(query: Select[Any]) -> Select[Any]:
    return query.order_by(incident.c.raised_at, incident.c.instance_id, incident.c.incident_id)


def _behind(last: IncidentRow) -> ColumnElement[bool]:
    same_time = incident.c.raised_at == last.raised_at
    same_case = same_time & (incident.c.instance_id == last.instance_id)
    return (
        (incident.c.raised_at > last.raised_at)
        | (same_time & (incident.c.instance_id > last.instance_id))
        | (same_case & (incident.c.incident_id > last.incident_id))
    )
