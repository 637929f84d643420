"""The outbox as operators read it: what waits for which department, and one job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from onething import incidents, jobs
from onething.connectors import Operation, operations
from onething.errors import NotAllowed
from onething.identity import Actor
from onething.jobs import JobRow
from onething.jobs.models import outbox
from onething.runtime.cases.view_case import log_access
from onething.runtime.host import Host
from onething.runtime.jobs.view_job_states import UNFINISHED, case_no_of
from onething.runtime.permissions import require_role
from onething.runtime.sealing import job_payload

READERS = ("operator", "auditor")


@dataclass(frozen=True, slots=True)
class Queue:
    """The unfinished jobs of one operation in one state."""

    department: str
    """Whose operation it is; empty for messages and signals, which belong to nobody."""
    operation: str
    state: str
    count: int
    due_at: datetime
    """Of the job that is due first."""


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
    groups = outbox.c.department, outbox.c.operation, outbox.c.state
    query = select(*groups, func.count(), func.min(outbox.c.due_at))
    query = query.where(outbox.c.state.in_(UNFINISHED)).group_by(*groups).order_by(*groups)
    with host.database.read() as conn:
        return [Queue(*row) for row in conn.execute(query)]


def view_job(host: Host, actor: Actor, job_id: str, *, with_inputs: bool = False) -> JobView:
    """Return one job by its id; reading its inputs is an auditor's, and is logged.

    Raises:
        NotAllowed: The actor is neither operator nor auditor, or asks for inputs and is no
            auditor; that attempt is logged.
        NotFound: No such job.
    """
    require_role(actor, *READERS)
    with host.database.read() as conn:
        row = jobs.get(conn, *jobs.split(job_id))
        raised = incidents.of_job(conn, row.instance_id, row.effect_key)
        case_no = case_no_of(conn, row.instance_id)
        opened = job_payload(host.keys, conn, row)
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
