"""The outbox as operators read it: what waits for which department, and one job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from onething import incidents, instances, jobs
from onething.connectors import Operation, operations
from onething.errors import NotAllowed
from onething.identity import Actor
from onething.instances.models import instance
from onething.jobs import JobRow
from onething.jobs.models import outbox
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.sealing import CaseSeal
from onething.runtime.view_case import log_access

READERS = ("operator", "auditor")
UNFINISHED = ("queued", "relayed", "awaiting", "suspended", "failed")
JOB_STATES = (*UNFINISHED, "done", "cancelled")


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs are asked for; None leaves a criterion out."""

    state: str | None = None
    """One of JOB_STATES; None asks for those that are not finished."""
    department: str | None = None
    """The first part of the operation's name."""
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job of a list, with its case."""

    row: JobRow
    case_no: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The unfinished jobs of one operation in one state."""

    operation: str
    state: str
    count: int
    due_at: datetime
    """Of the job that is due first."""

    @property
    def department(self) -> str:
        """Whose operation it is; messages and signals belong to nobody."""
        return self.operation.partition(".")[0] if "." in self.operation else ""


@dataclass(frozen=True, slots=True)
class JobView:
    """One job; its inputs only for an auditor who asked for them."""

    row: JobRow
    case_no: str
    activity: str
    operation: Operation | None
    """Its contract, where it has one."""
    names: tuple[str, ...]
    """Names of what is sent."""
    inputs: Mapping[str, Any] | None
    """What is sent; None where it is not shown."""
    incident: str | None
    """The open incident of a job that gave up."""


def list_queues(host: Host, actor: Actor) -> list[Queue]:
    """Return how many unfinished jobs there are by operation and state.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
    """
    require_role(actor, *READERS)
    groups = outbox.c.operation, outbox.c.state
    query = select(*groups, func.count(), func.min(outbox.c.due_at))
    query = query.where(outbox.c.state.in_(UNFINISHED)).group_by(*groups).order_by(*groups)
    with host.database.read() as conn:
        return [Queue(*row) for row in conn.execute(query)]


def list_jobs(
    host: Host, actor: Actor, wanted: JobFilter, *, after: str | None = None, limit: int = 50
) -> list[JobLine]:
    """Return jobs, due first, at most `limit`, beginning after a job's id.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
        NotFound: `after` names no job.
    """
    require_role(actor, *READERS)
    query = _narrowed(select(outbox, instance.c.case_no), wanted)
    with host.database.read() as conn:
        if after is not None:
            last = jobs.get(conn, *_split(after))
            same_time = outbox.c.due_at == last.due_at
            same_case = same_time & (outbox.c.instance_id == last.instance_id)
            query = query.where(
                (outbox.c.due_at > last.due_at)
                | (same_time & (outbox.c.instance_id > last.instance_id))
                | (same_case & (outbox.c.effect_key > last.effect_key))
            )
        ordered = query.order_by(outbox.c.due_at, outbox.c.instance_id, outbox.c.effect_key)
        return [JobLine(JobRow(*row[:-1]), row[-1]) for row in conn.execute(ordered.limit(limit))]


def view_job(host: Host, actor: Actor, job_id: str, *, with_inputs: bool = False) -> JobView:
    """Return one job by its id; reading its inputs is an auditor's, and is logged.

    Raises:
        NotAllowed: The actor is neither operator nor auditor, or asks for inputs and is no
            auditor; that attempt is logged.
        NotFound: No such job.
    """
    require_role(actor, *READERS)
    with host.database.read() as conn:
        row = jobs.get(conn, *_split(job_id))
        raised = incidents.of_job(conn, row.instance_id, row.effect_key)
        case_no = instances.get(conn, row.instance_id).case_no
        opened = CaseSeal(host.keys.of_case(conn, row.instance_id)).open(row.payload)
    inputs = dict(opened.get("inputs") or opened.get("payload") or {})
    if with_inputs:
        allowed = actor.is_system or "auditor" in actor.roles
        log_access(host, actor, case_no, "job", sorted(inputs), allowed=allowed)
        if not allowed:
            raise NotAllowed("What a department is sent is read by auditors")
    return JobView(
        row=row,
        case_no=case_no,
        activity=str(opened.get("activity", "")),
        operation=operations().get(row.operation),
        names=tuple(sorted(inputs)),
        inputs=inputs if with_inputs else None,
        incident=raised,
    )


def _narrowed(query: Select[Any], wanted: JobFilter) -> Select[Any]:
    query = query.join(instance, instance.c.instance_id == outbox.c.instance_id)
    states = UNFINISHED if wanted.state is None else (wanted.state,)
    query = query.where(outbox.c.state.in_(states))
    if wanted.operation:
        query = query.where(outbox.c.operation == wanted.operation)
    if wanted.department:
        begin = f"{wanted.department}."
        query = query.where(outbox.c.operation.startswith(begin, autoescape=True))
    return query


def _split(job_id: str) -> tuple[str, str]:
    instance_id, _, effect_key = job_id.partition(":")
    return instance_id, effect_key
