"""Look at jobs: what waits, what is handed over, what gave up. No value of a case is shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from onething import incidents, instances, jobs
from onething.errors import InvalidInput, NotFound
from onething.identity import Actor
from onething.jobs import JobRow
from onething.runtime.host import Host
from onething.runtime.permissions import require_role

UNFINISHED = ("queued", "relayed", "awaiting", "suspended", "failed")
JOB_STATES = (*UNFINISHED, "done", "cancelled")


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs are asked for; None leaves a criterion out."""

    state: str | None = None
    """One of JOB_STATES; None asks for those that are not finished."""
    department: str | None = None
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class JobState:
    """One job as an operator sees it."""

    id: str
    case_no: str
    kind: str
    operation: str
    department: str
    state: str
    attempts: int
    """How often it was tried since it was queued anew, the try that closed it included."""
    retries: int
    due_at: datetime
    asked_at: datetime | None
    error: str | None
    created_at: datetime
    incident: str | None
    """The open incident of a job that gave up."""


def list_jobs(
    host: Host, actor: Actor, wanted: JobFilter, *, after: str | None = None, limit: int = 50
) -> list[JobState]:
    """Return jobs, longest due first, at most `limit`, beginning after a job's id.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
        InvalidInput: There is no such state.
        NotFound: `after` is no job.
    """
    require_role(actor, "operator", "auditor")
    if wanted.state is not None and wanted.state not in JOB_STATES:
        raise InvalidInput(f"A state is {', '.join(JOB_STATES)}", {"state": "no such state"})
    with host.database.read() as conn:
        rows = jobs.listing(
            conn,
            states=UNFINISHED if wanted.state is None else (wanted.state,),
            department=wanted.department,
            operation=wanted.operation,
            after=after,
            limit=limit,
        )
        case_nos = {one: case_no_of(conn, one) for one in {row.instance_id for row in rows}}
        return [_view(conn, row, case_nos[row.instance_id]) for row in rows]


def view_job_state(host: Host, actor: Actor, job_id: str) -> JobState:
    """Return one job by its id, the key that its department was called with.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
        NotFound: No such job.
    """
    require_role(actor, "operator", "auditor")
    instance_id, effect_key = jobs.split(job_id)
    with host.database.read() as conn:
        row = jobs.get(conn, instance_id, effect_key)
        return _view(conn, row, case_no_of(conn, instance_id))


def incident_of(host: Host, actor: Actor, job_id: str) -> str:
    """Return the open incident of a job; raise NotFound where it has none."""
    found = view_job_state(host, actor, job_id).incident
    if found is None:
        raise NotFound(f"The job {job_id} has no open incident")
    return found


def case_no_of(conn: Connection, instance_id: str) -> str:
    """Return the case number of a job's instance; nothing for a message that is about no case."""
    return instances.get(conn, instance_id).case_no if instance_id else ""


def _view(conn: Connection, row: JobRow, case_no: str) -> JobState:
    gave_up = row.state == "failed"
    return JobState(
        id=row.id,
        case_no=case_no,
        kind=row.kind,
        operation=row.operation,
        department=row.department,
        state=row.state,
        attempts=row.tries,
        retries=row.retries,
        due_at=row.due_at,
        asked_at=row.asked_at,
        error=row.error,
        created_at=row.created_at,
        incident=incidents.of_job(conn, row.instance_id, row.effect_key) if gave_up else None,
    )
