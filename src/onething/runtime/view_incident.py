"""Read an incident: what gave up and what it was sent, by name only."""

from dataclasses import dataclass

from sqlalchemy import Connection

from onething import incidents, jobs
from onething.connectors import Operation, operations
from onething.errors import NotFound
from onething.identity import Actor
from onething.incidents import IncidentRow
from onething.jobs import JobRow
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.sealing import CaseSeal

READERS = ("operator", "auditor")


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident as an operator sees it: no value of the case is in it."""

    incident: IncidentRow
    job: JobRow | None
    """The job that gave up; None for a step."""
    operation: Operation | None
    """The contract of the job's operation, where it has one."""
    inputs: tuple[str, ...]
    """Names of what the department was sent."""


def view_incident(host: Host, actor: Actor, incident_id: str) -> IncidentView:
    """Return an incident with the job behind it.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
        NotFound: No such incident.
    """
    require_role(actor, *READERS)
    with host.database.read() as conn:
        found = incidents.get(conn, incident_id)
        job = _job(conn, found)
        names = _input_names(host, conn, job) if job else ()
    operation = operations().get(job.operation) if job else None
    return IncidentView(found, job, operation, names)


def list_incidents(
    host: Host,
    actor: Actor,
    *,
    state: str | None = "open",
    after: str | None = None,
    limit: int = 50,
) -> list[IncidentRow]:
    """Return incidents, oldest first; raise NotAllowed for all but operators and auditors."""
    require_role(actor, *READERS)
    with host.database.read() as conn:
        return incidents.listing(conn, state=state, after=after, limit=limit)


def _job(conn: Connection, found: IncidentRow) -> JobRow | None:
    if found.kind != "job" or not found.effect_key:
        return None
    try:
        return jobs.get(conn, found.instance_id, found.effect_key)
    except NotFound:
        return None


def _input_names(host: Host, conn: Connection, job: JobRow) -> tuple[str, ...]:
    seal = CaseSeal(host.keys.of_case(conn, job.instance_id))
    return tuple(sorted(seal.open(job.payload).get("inputs", {})))
