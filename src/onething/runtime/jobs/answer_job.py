"""Apply an answer that a department gives later than at the call itself.

A department may take a call and answer it by a webhook or a file. The job waits meanwhile as
*awaiting*: it holds no worker and counts as no failure. Whatever way the answer comes, it is
applied once; the same answer again is answered and does nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from onething import connectors, identity, incidents, jobs
from onething.engine import CompleteJob, ThrowError
from onething.errors import AlreadyDone, DepartmentUnavailable, InvalidInput, NotFound
from onething.jobs import JobRow
from onething.runtime.host import Host
from onething.runtime.jobs.perform_job import fail, is_caught, throw_or_stop
from onething.runtime.sealing import CaseSeal
from onething.runtime.turn import Receipt, Turn

REASONS = ("NO_RECORD", "CONFLICT", "REVOKED")
_SWEEP = 100
Apply = Callable[[Turn, JobRow], Receipt]


def answer_job(
    host: Host, job_id: str, operation: str, answer: Mapping[str, Any], *, way: str
) -> Receipt:
    """Complete a job with the answer that its department gave later.

    Args:
        host: The node.
        job_id: The key that the call carried.
        operation: What was asked, as the department names it.
        answer: What its contract says; other fields are dropped.
        way: How it came, for history: `webhook` or `file`.

    Returns:
        The case and its event; `repeated` where the same answer was applied before.

    Raises:
        NotFound: There is no such call of this operation.
        AlreadyDone: It was answered otherwise, or nobody waits for it any more.
        AnswerInvalid: The answer breaks the contract.
    """
    contract = connectors.operations().get(operation)
    if contract is None:
        raise NotFound(f"No call {job_id}")
    kept = connectors.checked_answer(contract, answer)

    def complete(turn: Turn, job: JobRow) -> Receipt:
        command = CompleteJob(job.token or "", kept)
        jobs.finish(turn.conn, job)
        return turn.step("JobCompleted", command, note=_note(turn, job, way))[1]

    return _settle(host, job_id, operation, kept, complete)


def refuse_job(  # noqa: PLR0913 - the parts of one refusal
    host: Host, job_id: str, operation: str, reason: str, message: str = "", *, way: str
) -> Receipt:
    """Throw the refusal that a department gave later; raise an incident where nothing catches it.

    Raises:
        InvalidInput: The reason is none of REASONS.
        NotFound: There is no such call of this operation.
        AlreadyDone: It was answered otherwise, or nobody waits for it any more.
    """
    if reason not in REASONS:
        raise InvalidInput(f"A refusal is {', '.join(REASONS)}", {"reason": "no such reason"})
    told = message or reason

    def refuse(turn: Turn, job: JobRow) -> Receipt:
        if not is_caught(turn, job, reason):
            return fail(turn, job, turn.seal.open(job.payload), reason, told)
        command = ThrowError(job.token or "", reason, told)
        note = _note(turn, job, way) | {"error": reason}
        jobs.finish(turn.conn, job)
        return turn.step("JobRefused", command, note=note)[1]

    return _settle(host, job_id, operation, {"refused": reason}, refuse)


def give_up_waiting(host: Host, limit: int = _SWEEP) -> int:
    """Give up calls whose answer did not come in time; return how many.

    They count as calls of a department that is unavailable: thrown as UNAVAILABLE, or an
    incident. An answer that comes later still resolves the incident.
    """
    with host.database.read() as conn:
        late = jobs.unanswered_since(conn, host.clock(), limit)
    for job in late:
        with host.database.read() as conn:
            payload = CaseSeal(host.keys.of_case(conn, job.instance_id)).open(job.payload)
        error = DepartmentUnavailable(f"{job.operation}: no answer came in time")
        throw_or_stop(host, job, payload, "UNAVAILABLE", error)
    return len(late)


def _settle(
    host: Host, job_id: str, operation: str, kept: Mapping[str, Any], apply: Apply
) -> Receipt:
    """Apply what came to the job it is for, under the lock of its instance."""
    instance_id, effect_key = jobs.split(job_id)

    def transaction(conn: Connection) -> Receipt:
        jobs.get(conn, instance_id, effect_key)
        turn = Turn.on(host, conn, identity.SYSTEM, instance_id)
        job = _locked(conn, instance_id, effect_key)
        if job.operation != operation or job.kind != "job":
            raise NotFound(f"No call {job_id}")
        if job.answer is not None and turn.seal.open(job.answer) == kept:
            return turn.unchanged()
        if job.state not in jobs.UNANSWERED:
            raise AlreadyDone("This call was answered before")
        if turn.row.is_suspended:
            return _hold(turn, job, kept)
        jobs.keep_answer(conn, job, turn.seal.close(kept))
        if job.state == "failed":
            incidents.resolve(conn, instance_id, [job.token or ""], turn.actor.user, turn.now)
        return apply(turn, job)

    return host.write(transaction)


def _locked(conn: Connection, instance_id: str, effect_key: str) -> JobRow:
    """Return a job that nobody changes any more: a worker may just note that it waits."""
    job = jobs.get(conn, instance_id, effect_key)
    while not jobs.is_held(conn, job):
        job = jobs.get(conn, instance_id, effect_key)
    return job


def _hold(turn: Turn, job: JobRow, kept: Mapping[str, Any]) -> Receipt:
    """Keep an answer that came while its case is suspended: it is applied after resuming.

    Raises:
        InstanceSuspended: It is a refusal: the department tells it again later.
        AlreadyDone: Another answer is kept.
    """
    if "refused" in kept:
        turn.require_running()
    if job.state == "suspended" and job.answer is not None:
        raise AlreadyDone("This call was answered before")
    if job.state == "failed":
        found = [job.token or ""]
        incidents.resolve(turn.conn, job.instance_id, found, turn.actor.user, turn.now)
    jobs.hold_answer(turn.conn, job, turn.seal.close(kept), turn.now)
    return turn.unchanged()


def _note(turn: Turn, job: JobRow, way: str) -> dict[str, Any]:
    activity = turn.seal.open(job.payload)["activity"]
    return {"operation": job.operation, "activity": activity, "way": way}
