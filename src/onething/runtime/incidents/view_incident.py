"""Read an incident: what gave up and what it was sent, by name only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from onething import history, incidents, jobs
from onething.connectors import Operation, operations
from onething.errors import NotFound, OutcomeUnknown
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
    reason: str = ""
    """Why it was resolved as it was; empty while it is open, or where nobody said."""
    resolved_as: str = ""
    """The kind of the event that resolved it; empty while it is open, or where the case went on."""
    declares_skip: bool = False
    """Whether the activity declares what the model goes on with when its call is left out."""

    @property
    def tries(self) -> int:
        """How often the job was tried; one left out or sent mended was tried before that."""
        if self.job is None:
            return 0
        return self.job.tries + (self.job.state == "cancelled")

    @property
    def is_unknown(self) -> bool:
        """Whether the department may have done it: it must be asked before a second call."""
        return self.incident.code == OutcomeUnknown.code

    @property
    def is_message(self) -> bool:
        """Whether it is a message or signal that nobody took, which has no answer."""
        return self.job is not None and self.job.token is None

    @property
    def can_be_completed(self) -> bool:
        """Whether an operator may give the answer by hand."""
        return self.job is not None and self.job.token is not None

    @property
    def can_be_skipped(self) -> bool:
        """Whether an operator may leave it out."""
        return self.is_message or (self.job is not None and self.declares_skip)


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
        sent = _sent(host, conn, job) if job else {}
        resolved_as, reason = _resolution(conn, found)
    operation = operations().get(job.operation) if job else None
    names = tuple(sorted(sent.get("inputs", {})))
    declared = sent.get("properties", {}).get("skip")
    return IncidentView(
        found, job, operation, names, reason, resolved_as, isinstance(declared, Mapping)
    )


def list_incidents(  # noqa: PLR0913 - the filters of one list
    host: Host,
    actor: Actor,
    *,
    state: str | None = "open",
    after: str | None = None,
    limit: int = 50,
    newest_first: bool = False,
) -> list[IncidentRow]:
    """Return incidents in the order they were raised, the oldest first unless told otherwise.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
        NotFound: `after` names no incident.
    """
    require_role(actor, *READERS)
    with host.database.read() as conn:
        return incidents.listing(
            conn, state=state, after=after, limit=limit, newest_first=newest_first
        )


def _job(conn: Connection, found: IncidentRow) -> JobRow | None:
    if found.kind != "job" or not found.effect_key:
        return None
    try:
        return jobs.get(conn, found.instance_id, found.effect_key)
    except NotFound:
        return None


def _resolution(conn: Connection, found: IncidentRow) -> tuple[str, str]:
    """Return by what kind of event an incident was resolved, and why, where history tells."""
    if found.state == "open":
        return "", ""
    for event in history.read(conn, None, found.instance_id):
        if isinstance(event.input, Mapping) and event.input.get("incident") == found.id:
            return event.kind, str(event.input.get("reason") or "")
    return "", ""


def _sent(host: Host, conn: Connection, job: JobRow) -> dict[str, Any]:
    return CaseSeal(host.keys.of_case(conn, job.instance_id)).open(job.payload)
