"""Resolve an incident: try again, with mended input, or complete the job by hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from onething import connectors, incidents, jobs
from onething.engine import CompleteJob, Retry
from onething.errors import AlreadyDone, Conflict, InvalidInput
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
) -> Receipt:
    """Try a failed job or step again.

    Args:
        host: The node.
        actor: An operator.
        incident_id: `<instance>-<number>`.
        inputs: For a job, values that replace inputs of the call; for a step, variables.
        reason: Why, for history.
        key: Idempotency key: a repeated request is answered with the first one's answer.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such incident.
        AlreadyDone: It is resolved.
        InstanceSuspended: An operator has suspended the case.
        KeyReused: The key was used with another request.
    """
    return host.write(retrying(host, actor, incident_id, inputs=inputs, reason=reason, key=key))


def retrying(  # noqa: PLR0913 - the parts of one retry
    host: Host,
    actor: Actor,
    incident_id: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    reason: str = "",
    key: str | None = None,
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


def complete_by_hand(
    host: Host, actor: Actor, incident_id: str, answer: Mapping[str, Any], reason: str
) -> Receipt:
    """Give the answer that a department's system should have given.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such incident.
        AlreadyDone: It is resolved.
        Conflict: It is no job's incident.
        InvalidInput: No reason is given, or the answer does not follow the contract.
    """
    require_role(actor, "operator")
    if not reason.strip():
        raise InvalidInput("Say why", {"reason": "A job completed by hand needs a reason"})

    def transaction(conn: Connection) -> Receipt:
        turn = _turn(host, conn, actor, incident_id)
        found = _open(conn, incident_id)
        if found.kind != "job":
            raise Conflict("Only a job can be completed by hand")
        job = jobs.get(conn, found.instance_id, found.effect_key or "")
        if job.token is None:
            raise Conflict("A message has no answer: try it again")
        _require_contract(job.operation, answer)
        jobs.finish(conn, job)
        incidents.resolve(conn, found.instance_id, [found.token], actor.user, turn.now)
        note = {"incident": found.id, "operation": job.operation, "reason": reason}
        return turn.step("JobCompletedByHand", CompleteJob(found.token, answer), note=note)[1]

    return host.write(transaction)


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
        due_at=turn.now,
        error=None,
        answer=None,
        created_at=turn.now,
    )
    jobs.finish(turn.conn, job, "cancelled")
    jobs.queue_all(turn.conn, [again])
