"""Resolve an incident: try again, with mended input, complete the job by hand, or skip it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from onething import connectors, incidents, jobs
from onething.engine import CompleteJob, Retry
from onething.errors import AlreadyDone, Conflict, InvalidInput, OutcomeUnknown
from onething.identity import Actor
from onething.incidents import IncidentRow
from onething.jobs import JobRow
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.turn import Receipt, Turn, require_key


def retry(  # noqa: PLR0913 - the parts of one retry
    host: Host,
    actor: Actor,
    incident_id: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    reason: str = "",
    key: str | None = None,
    was_not_done: bool = False,
) -> Receipt:
    """Try a failed job or step again.

    Args:
        host: The node.
        actor: An operator.
        incident_id: `<instance>-<number>`.
        inputs: For a job, values that replace inputs of the call; for a step, variables.
        reason: Why, for history.
        key: Idempotency key: a repeated request is answered with the first one's answer.
        was_not_done: Whether the operator has made sure that the department did nothing; asked
            for where the outcome of the call is unknown.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such incident.
        AlreadyDone: It is resolved.
        InstanceSuspended: An operator has suspended the case.
        KeyReused: The key was used with another request.
        OutcomeUnknown: The department may have done it, and nobody says that it did not.
    """
    return host.write(
        retrying(
            host,
            actor,
            incident_id,
            inputs=inputs,
            reason=reason,
            key=key,
            was_not_done=was_not_done,
        )
    )


def retrying(  # noqa: PLR0913 - the parts of one retry
    host: Host,
    actor: Actor,
    incident_id: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    reason: str = "",
    key: str | None = None,
    was_not_done: bool = False,
) -> Callable[[Connection], Receipt]:
    """Return the transaction that tries a failed job or step again."""
    require_role(actor, "operator")
    require_key(key)
    changed = dict(inputs or {})
    request = {"incident": incident_id, "inputs": changed, "reason": reason}

    def transaction(conn: Connection) -> Receipt:
        turn = _turn(host, conn, actor, incident_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        found = _open(conn, incident_id)
        turn.require_running()
        if found.code == OutcomeUnknown.code and not was_not_done:
            raise OutcomeUnknown(_ASK_FIRST)
        note = {"incident": found.id, "reason": reason}
        if found.kind == "step":
            command = Retry(found.token, changed)
            return turn.step("StepRetried", command, key=key, request=request, note=note)[1]
        job = jobs.get(conn, found.instance_id, found.effect_key or "")
        _queue(turn, job, changed)
        incidents.resolve(conn, found.instance_id, [found.token], actor.user, turn.now)
        note |= {"operation": job.operation}
        private = {"inputs": changed}
        return turn.append("JobRetried", note=note, private=private, key=key, request=request)

    return transaction


_ASK_FIRST = (
    "What the department did is unknown: ask it, then say that it was not done, or give its answer"
)


def skip(host: Host, actor: Actor, incident_id: str, reason: str) -> Receipt:
    """Leave out a job that gave up.

    A call is left out where its activity declares the answer that the model then goes on with
    (`onething:skip`); a message or signal that could not be delivered is dropped.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such incident.
        AlreadyDone: It is resolved.
        Conflict: It is a step's, or the activity does not allow it.
        InstanceSuspended: An operator has suspended the case.
        InvalidInput: No reason is given.
    """

    def leave_out(turn: Turn, job: JobRow) -> Mapping[str, Any] | None:
        return None if job.token is None else _declared_answer(turn, job)

    return _close(host, actor, incident_id, reason, _Way("JobSkipped", "cancelled", leave_out))


def complete_by_hand(
    host: Host, actor: Actor, incident_id: str, answer: Mapping[str, Any], reason: str
) -> Receipt:
    """Give the answer that a department's system should have given.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such incident.
        AlreadyDone: It is resolved.
        Conflict: It is no job's incident.
        InstanceSuspended: An operator has suspended the case.
        InvalidInput: No reason is given, or the answer does not follow the contract.
    """

    def answered(_turn: Turn, job: JobRow) -> Mapping[str, Any]:
        if job.token is None:
            raise Conflict("A message has no answer: try it again")
        _require_contract(job.operation, answer)
        return answer

    return _close(host, actor, incident_id, reason, _Way("JobCompletedByHand", "done", answered))


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to close a job that gave up."""

    event: str
    state: str
    """What the job is from then on."""
    answer: Callable[[Turn, JobRow], Mapping[str, Any] | None]
    """What its activity goes on with; None for a message or signal, which nothing waits for."""


def _close(host: Host, actor: Actor, incident_id: str, reason: str, way: _Way) -> Receipt:
    """Close a job that gave up, with its incident, in one of the ways."""
    require_role(actor, "operator")
    if not reason.strip():
        raise InvalidInput("Say why", {"reason": "A job is closed with a reason"})

    def transaction(conn: Connection) -> Receipt:
        turn = _turn(host, conn, actor, incident_id)
        found = _open(conn, incident_id)
        if found.kind != "job":
            raise Conflict("Only a job can be closed so: mend the step, or modify the case")
        job = jobs.get(conn, found.instance_id, found.effect_key or "")
        if job.token is not None:
            turn.require_running()
        answer = way.answer(turn, job)
        jobs.finish(conn, job, way.state)
        incidents.resolve(conn, found.instance_id, [found.token], actor.user, turn.now)
        note = {"incident": found.id, "operation": job.operation, "reason": reason}
        if job.token is None or answer is None:
            return turn.append(way.event, note=note)
        return turn.step(way.event, CompleteJob(job.token, answer), note=note)[1]

    return host.write(transaction)


def _declared_answer(turn: Turn, job: JobRow) -> Mapping[str, Any]:
    """Return what the activity goes on with when its job is skipped; raise Conflict if nothing."""
    declared = turn.seal.open(job.payload).get("properties", {}).get("skip")
    if not isinstance(declared, Mapping):
        raise Conflict("The model does not let this activity be skipped: complete it by hand")
    return declared


def _turn(host: Host, conn: Connection, actor: Actor, incident_id: str) -> Turn:
    return Turn.on(host, conn, actor, incidents.get(conn, incident_id).instance_id)


def _open(conn: Connection, incident_id: str) -> IncidentRow:
    """Return an incident of a locked instance; raise AlreadyDone when it is resolved."""
    found = incidents.get(conn, incident_id)
    if found.state != "open":
        raise AlreadyDone("This incident is resolved")
    return found


def _require_contract(operation: str, answer: Mapping[str, Any]) -> None:
    """Raise InvalidInput unless the answer is one that the department could have given."""
    contract = connectors.operations().get(operation)
    if contract is None:
        return
    faults = {
        ".".join(map(str, fault.absolute_path)) or "answer": fault.message
        for fault in contract.answer_check.iter_errors(dict(answer))
    }
    if faults:
        raise InvalidInput(f"{operation} does not answer like this", faults)


def _queue(turn: Turn, job: JobRow, inputs: Mapping[str, Any]) -> None:
    """Queue a failed job again; with other inputs it is another call, under a key of its own.

    A department that remembers keys would answer the mended call with the first one's refusal.
    """
    if not inputs or job.token is None:
        jobs.queue_again(turn.conn, job, turn.now)
        return
    opened = turn.seal.open(job.payload)
    mended = opened | {"inputs": opened["inputs"] | inputs}
    again = replace(
        job,
        effect_key=f"{turn.row.sequence + 1}-{job.token}",
        payload=turn.seal.close(mended),
        state="queued",
        attempts=0,
        round=0,
        asked_at=None,
        due_at=turn.now,
        error=None,
        answer=None,
        created_at=turn.now,
    )
    jobs.finish(turn.conn, job, "cancelled")
    jobs.queue_all(turn.conn, [again])
