"""Perform a job: call the outside, then tell the instance what came of it.

The call happens outside every transaction. What a department answered is stored before it is
applied, and the apply happens once per outbox row, so that a crash at any place repeats the
call under the same idempotency key and doubles nothing.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from onething import connectors, identity, incidents, instances, jobs, tracing
from onething.engine import CompleteJob, ThrowError
from onething.errors import (
    AnswerPending,
    ConnectorError,
    DepartmentRefused,
    DepartmentUnavailable,
    OnethingError,
)
from onething.incidents import IncidentRow
from onething.jobs import JobRow
from onething.runtime.correlate import broadcast, correlate
from onething.runtime.host import Host
from onething.runtime.issue_document import issue_document
from onething.runtime.sealing import CaseSeal
from onething.runtime.send_notice import send_notice
from onething.runtime.turn import Receipt, Turn
from onething.runtime.wording import impersonal

_log = structlog.get_logger()

LEASE = timedelta(minutes=2)
KEPT_EARLY = timedelta(days=30)
"""So long a message that one case throws waits for the case that it is meant for."""

Internal = Callable[[Host, JobRow, Mapping[str, Any]], dict[str, Any]]
INTERNAL: dict[str, Internal] = {"document.issue": issue_document, "notice.send": send_notice}
"""Operations that the product does itself; their answers stand in history like any other."""


def perform_due(host: Host, worker: str, limit: int = 20) -> int:
    """Lease what is due, perform it, and return how many jobs that were."""
    now = host.clock()
    leased = host.write(lambda conn: jobs.lease(conn, worker, now, now + LEASE, limit))
    for job in leased:
        perform(host, job)
    return len(leased)


def perform(host: Host, job: JobRow) -> None:
    """Perform one leased job to the end: done, put off, thrown as an error, or an incident.

    Whatever fails in the job itself becomes an incident. What fails in the database is raised:
    the job is still due and is leased again when its lease has run out.
    """
    with host.database.read() as conn:
        seal = CaseSeal(host.keys.of_case(conn, job.instance_id))
        row = instances.get(conn, job.instance_id)
    if row.is_suspended:
        host.write(lambda conn: jobs.suspend_job(conn, job))
        return
    case_no = row.case_no
    payload = seal.open(job.payload)
    with tracing.span(
        f"perform {job.kind}",
        "consumer",
        link=payload.get("traceparent"),
        operation=job.operation,
        case_no=case_no,
        attempt=job.attempts,
    ):
        _perform(host, job, payload, seal, case_no)


def _perform(
    host: Host, job: JobRow, payload: dict[str, Any], seal: CaseSeal, case_no: str
) -> None:
    try:
        if job.kind == "job":
            _call(host, job, payload, seal, case_no)
        else:
            _tell(host, job, payload)
    except OnethingError as error:
        _stop(host, job, payload, error.code, error.message)
    except (SQLAlchemyError, TimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, a person must look at it
        _log.exception("job failed", job=job.id, case_no=case_no, operation=job.operation)
        _stop(host, job, payload, "job-failed", f"{job.operation}: {type(error).__name__}")


def _call(host: Host, job: JobRow, payload: dict[str, Any], seal: CaseSeal, case_no: str) -> None:
    try:
        answer = seal.open(job.answer) if job.answer else _ask(host, job, payload, case_no)
    except DepartmentRefused as error:
        throw_or_stop(host, job, payload, error.reason, error)
    except DepartmentUnavailable as error:
        _wait_or_throw(host, job, payload, error)
    except AnswerPending as pending:
        until = host.clock() + pending.within
        host.write(lambda conn: jobs.await_answer(conn, job, until))
    else:
        sealed = seal.close(answer)
        if job.answer or host.write(lambda conn: jobs.keep_answer(conn, job, sealed)):
            complete_job(host, job, payload, answer)


def _ask(host: Host, job: JobRow, payload: dict[str, Any], case_no: str) -> dict[str, Any]:
    internal = INTERNAL.get(job.operation)
    if internal is not None:
        return internal(host, job, payload["inputs"])
    operation = connectors.operations().get(job.operation)
    if operation is None:
        raise ConnectorError(f"No connector offers the operation {job.operation}")
    if host.departments is None:
        raise DepartmentUnavailable("This node has no way to the departments")
    purpose = str(payload["properties"].get("purpose", ""))
    return host.departments.call(operation, payload["inputs"], job.id, case_no, purpose)


def complete_job(
    host: Host, job: JobRow, payload: Mapping[str, Any], answer: Mapping[str, Any]
) -> None:
    """Apply a department's answer to the instance; a second time does nothing."""
    _settle(
        host,
        job,
        "JobCompleted",
        CompleteJob(job.token or "", answer),
        {"operation": job.operation, "activity": payload["activity"]},
    )


def _settle(
    host: Host,
    job: JobRow,
    kind: str,
    command: CompleteJob | ThrowError,
    note: dict[str, Any],
) -> None:
    def transaction(conn: Connection) -> None:
        turn = Turn.on(host, conn, identity.SYSTEM, job.instance_id)
        if not jobs.is_held(conn, job):
            return  # the token went another way, or another worker was faster
        if turn.row.is_suspended:
            jobs.suspend_job(conn, job)
            return
        jobs.finish(conn, job)
        turn.step(kind, command, note=note)

    host.write(transaction)


def _wait_or_throw(
    host: Host, job: JobRow, payload: dict[str, Any], error: DepartmentUnavailable
) -> None:
    if job.attempts >= job.retries:
        throw_or_stop(host, job, payload, "UNAVAILABLE", error)
        return
    wait = timedelta(seconds=host.settings.retry_wait_s * 2**job.attempts)
    now, told = host.clock(), impersonal(error.message, payload["inputs"])
    host.write(lambda conn: jobs.put_off(conn, job, now, wait, told))


def throw_or_stop(
    host: Host, job: JobRow, payload: dict[str, Any], code: str, error: OnethingError
) -> None:
    """Throw a BPMN error where the model catches it, else stop with an incident."""

    def look(conn: Connection) -> bool:
        turn = Turn.on(host, conn, identity.SYSTEM, job.instance_id)
        is_so = is_caught(turn, job, code)
        turn.keep()
        return is_so

    if not host.write(look):
        _stop(host, job, payload, code, error.message)
        return
    command = ThrowError(job.token or "", code, error.message)
    note = {"operation": job.operation, "activity": payload["activity"], "error": code}
    _settle(host, job, "JobRefused", command, note)


def is_caught(turn: Turn, job: JobRow, code: str) -> bool:
    """Whether the model catches a BPMN error at a job's token."""
    return bool(turn.definition.process.catches(turn.state, job.token or "", code))


def _stop(host: Host, job: JobRow, payload: Mapping[str, Any], code: str, message: str) -> None:
    """Raise an incident; the instance goes on waiting."""

    def transaction(conn: Connection) -> None:
        turn = Turn.on(host, conn, identity.SYSTEM, job.instance_id)
        if not jobs.is_held(conn, job):
            return  # the token went another way while the department was asked
        if turn.row.is_suspended:
            jobs.suspend_job(conn, job)
            return
        fail(turn, job, payload, code, message)

    host.write(transaction)


def fail(turn: Turn, job: JobRow, payload: Mapping[str, Any], code: str, message: str) -> Receipt:
    """Close a job as failed and raise its incident, in the caller's transaction."""
    told = impersonal(message, [payload.get("inputs"), payload.get("payload")])
    jobs.finish(turn.conn, job, "failed", told)
    row = IncidentRow(
        instance_id=job.instance_id,
        incident_id=f"{turn.row.sequence + 1}j",
        case_no=turn.row.case_no,
        service=turn.row.service,
        token=job.token or job.effect_key,
        activity=payload.get("activity", ""),
        kind="job",
        code=code,
        message=told,
        effect_key=job.effect_key,
        state="open",
        raised_at=turn.now,
    )
    incidents.add(turn.conn, row)
    note = {"operation": job.operation, "activity": row.activity, "code": code}
    return turn.append("JobFailed", note=note, private={"message": message})


def _tell(host: Host, job: JobRow, payload: dict[str, Any]) -> None:
    """Deliver a thrown message or signal to its receivers."""
    if job.kind == "signal":
        body, name = payload["payload"], job.operation
        broadcast(host, identity.SYSTEM, name, body, cause=job.id, thrower=job.instance_id)
    else:
        correlate(
            host,
            identity.SYSTEM,
            job.operation,
            correlation_key=payload["key"],
            payload=payload["payload"],
            keep_for=KEPT_EARLY,
            key=f"message {job.id}",
            cause=job.id,
        )
    host.write(lambda conn: jobs.finish(conn, job))
