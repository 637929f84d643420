"""Perform a job: call the outside, then tell the instance what came of it.

The call happens outside every transaction. What a department answered is stored before it is
applied, and the apply happens once per outbox row, so that a crash at any place repeats the
call under the same idempotency key and doubles nothing.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from onething import connectors, db, identity, incidents, instances, jobs, tracing
from onething.engine import CompleteJob, ThrowError
from onething.errors import (
    AnswerPending,
    ConnectorError,
    DepartmentRefused,
    DepartmentUnavailable,
    OnethingError,
    OutcomeUnknown,
)
from onething.incidents import IncidentRow
from onething.jobs import JobRow
from onething.runtime.exchange.correlate import broadcast, correlate
from onething.runtime.host import Host
from onething.runtime.jobs.ask_once import ask_once
from onething.runtime.jobs.gates import note_answer, note_failure
from onething.runtime.jobs.patience import wait_of
from onething.runtime.materials.issue_document import issue_document
from onething.runtime.messages.deliver_news import deliver_news, fail_news
from onething.runtime.messages.send_notice import send_notice
from onething.runtime.sealing import NEWS, CaseSeal
from onething.runtime.turn import Receipt, Turn
from onething.runtime.wording import impersonal

_log = structlog.get_logger()

KEPT_EARLY = timedelta(days=30)
"""So long a message that one case throws waits for the case that it is meant for."""
_AFTER_BREAK = timedelta(seconds=2)
"""So long a job waits that the database's failure interrupted."""

Internal = Callable[[Host, JobRow, Mapping[str, Any]], dict[str, Any]]
INTERNAL: dict[str, Internal] = {"document.issue": issue_document, "notice.send": send_notice}
"""Operations that the product does itself; their answers stand in history like any other."""


def perform_due(host: Host, limit: int = 20) -> int:
    """Perform what is due in this thread, past gates and relay; return how many jobs that were.

    For a host that is nobody else's: a scenario's or a test's.
    """
    now = host.clock()
    taken = host.write(lambda conn: jobs.take_due(conn, now, limit))
    for job in taken:
        perform(host, job)
    return len(taken)


def perform_relayed(host: Host, instance_id: str, effect_key: str, number: int) -> str:
    """Perform a job that the relay handed over, unless it has gone on since.

    Args:
        host: The node.
        instance_id: Whose job.
        effect_key: Which of its jobs.
        number: The round that was handed over.

    Returns:
        performed; gone, where somebody else was faster or the job was cancelled; or broken,
        where the database failed: the job's attempts stay as they are, and it is due again.
    """
    try:
        with host.database.read() as conn:
            job = jobs.get(conn, instance_id, effect_key)
        if (job.state, job.round) != ("relayed", number):
            return "gone"
        perform(host, job)
    except Exception as error:
        if not db.is_outage(error):
            raise
        _log.warning("the database failed a job", job=effect_key, error=type(error).__name__)
        _try_to_put_back(host, instance_id, effect_key, number)
        return "broken"
    return "performed"


def _try_to_put_back(host: Host, instance_id: str, effect_key: str, number: int) -> None:
    """Queue an interrupted job again where the database is back; the relay finds it otherwise."""

    def transaction(conn: Connection) -> None:
        job = jobs.get(conn, instance_id, effect_key)
        if (job.state, job.round) == ("relayed", number):
            jobs.put_back(conn, job, host.clock() + _AFTER_BREAK)

    with suppress(SQLAlchemyError, OSError):
        host.write(transaction)


def perform(host: Host, job: JobRow) -> None:
    """Perform one job that is handed over: done, put off, thrown as an error, or an incident.

    Whatever fails in the job itself becomes an incident. What fails in the database is raised:
    the job is still to be performed, and was not tried.
    """
    if job.kind == NEWS:
        deliver_news(host, job)
        return
    with host.database.read() as conn:
        gate = jobs.gate_of(conn, job.department) if job.department else None
        seal = CaseSeal(host.keys.of_case(conn, job.instance_id))
        row = instances.get(conn, job.instance_id)
    if row.is_suspended:
        host.write(lambda conn: jobs.suspend_job(conn, job))
        return
    case_no = row.case_no
    if gate is not None and gate.state == "open" and not job.answer:
        until = gate.probe_at or host.clock()
        host.write(lambda conn: jobs.put_back(conn, job, until))
        return
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
        stop(host, job, payload, error.code, error.message)
    except Exception as error:
        if db.is_outage(error):
            raise
        _log.exception("job failed", job=job.id, case_no=case_no, operation=job.operation)
        stop(host, job, payload, "job-failed", f"{job.operation}: {type(error).__name__}")


def _call(host: Host, job: JobRow, payload: dict[str, Any], seal: CaseSeal, case_no: str) -> None:
    try:
        answer = seal.open(job.answer) if job.answer else _ask(host, job, payload, case_no)
    except DepartmentRefused as error:
        _answered(host, job)
        throw_or_stop(host, job, payload, error.reason, error)
    except DepartmentUnavailable as error:
        _wait_or_throw(host, job, payload, error)
    except AnswerPending as pending:
        _answered(host, job)
        until = host.clock() + pending.within
        host.write(lambda conn: jobs.await_answer(conn, job, until))
    else:
        if job.answer or host.write(lambda conn: jobs.keep_answer(conn, job, seal.close(answer))):
            _answered(host, job)
            complete_job(host, job, payload, answer)


def _answered(host: Host, job: JobRow) -> None:
    if job.department:
        note_answer(host, job.department)


def _ask(host: Host, job: JobRow, payload: dict[str, Any], case_no: str) -> dict[str, Any]:
    internal = INTERNAL.get(job.operation)
    if internal is not None:
        return internal(host, job, payload["inputs"])
    operation = connectors.operations().get(job.operation)
    if operation is None:
        raise ConnectorError(f"No connector offers the operation {job.operation}")
    if host.departments is None:
        told = "This node has no way to the departments"
        raise DepartmentUnavailable(told, may_have_acted=False)
    purpose = str(payload["properties"].get("purpose", ""))
    if operation.changes and not operation.deduplicates:
        return ask_once(host, job, operation, payload["inputs"], case_no, purpose)
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
    """Try again later; the call that finds a breaker open or opens it costs no attempt."""
    told = impersonal(error.message, payload["inputs"])
    gate = note_failure(host, job.department, told) if job.department else None
    if gate is not None and gate.state == "open":
        until = gate.probe_at or host.clock()
        if not goes_other_way(host, job, payload, error):
            host.write(lambda conn: jobs.put_back(conn, job, until))
    elif job.attempts >= min(job.retries, host.settings.job_attempts - 1):
        _give_up(host, job, payload, error)
    else:
        until = host.clock() + wait_of(host, job)
        host.write(lambda conn: jobs.put_off(conn, job, until, told))


def _give_up(
    host: Host, job: JobRow, payload: dict[str, Any], error: DepartmentUnavailable
) -> None:
    """Throw UNAVAILABLE, unless the department may have done what nobody may repeat."""
    with host.database.read() as conn:
        was_asked = jobs.get(conn, job.instance_id, job.effect_key).asked_at is not None
    if was_asked:
        stop(host, job, payload, OutcomeUnknown.code, error.message)
    else:
        throw_or_stop(host, job, payload, "UNAVAILABLE", error)


def goes_other_way(
    host: Host, job: JobRow, payload: dict[str, Any], error: DepartmentUnavailable
) -> bool:
    """Let a call that has waited long go the way that its model has for UNAVAILABLE.

    Returns:
        False where it has not waited long, has no such way, or may have been heard.
    """
    if host.clock() - job.created_at < timedelta(seconds=host.settings.patience_s):
        return False

    def look(conn: Connection) -> bool:
        was_asked = jobs.get(conn, job.instance_id, job.effect_key).asked_at is not None
        return not was_asked and _is_caught_now(host, conn, job, "UNAVAILABLE")

    if not host.write(look):
        return False
    throw_or_stop(host, job, payload, "UNAVAILABLE", error)
    return True


def throw_or_stop(
    host: Host, job: JobRow, payload: dict[str, Any], code: str, error: OnethingError
) -> None:
    """Throw a BPMN error where the model catches it, else stop with an incident."""
    if not host.write(lambda conn: _is_caught_now(host, conn, job, code)):
        stop(host, job, payload, code, error.message)
        return
    command = ThrowError(job.token or "", code, error.message)
    note = {"operation": job.operation, "activity": payload["activity"], "error": code}
    _settle(host, job, "JobRefused", command, note)


def is_caught(turn: Turn, job: JobRow, code: str) -> bool:
    """Whether the model catches a BPMN error at a job's token."""
    return bool(turn.definition.process.catches(turn.state, job.token or "", code))


def _is_caught_now(host: Host, conn: Connection, job: JobRow, code: str) -> bool:
    turn = Turn.on(host, conn, identity.SYSTEM, job.instance_id)
    is_so = is_caught(turn, job, code)
    turn.keep()
    return is_so


def stop(host: Host, job: JobRow, payload: Mapping[str, Any], code: str, message: str) -> None:
    """Raise an incident; the instance goes on waiting. News that cannot be told raises none."""
    if job.kind == NEWS:
        fail_news(host, job, message)
        return

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
