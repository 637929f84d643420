"""Resolve an incident: try again, with mended input, or complete the job by hand."""

from collections.abc import Mapping
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
from onething.runtime.turn import Receipt, Turn


def retry(
    host: Host,
    actor: Actor,
    incident_id: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Receipt:
    """Try a failed job or step again.

    Args:
        host: The node.
        actor: An operator.
        incident_id: `<instance>-<number>`.
        inputs: For a job, values that replace inputs of the call; for a step, variables.
        reason: Why, for history.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such incident.
        AlreadyDone: It is resolved.
    """
    require_role(actor, "operator")

    def transaction(conn: Connection) -> Receipt:
        turn, found = _open(host, conn, actor, incident_id)
        if found.kind == "step":
            note = {"incident": found.id, "reason": reason}
            return turn.step("StepRetried", Retry(found.token, dict(inputs or {})), note=note)[1]
        job = jobs.get(conn, found.instance_id, found.effect_key or "")
        _queue(turn, job, inputs)
        incidents.resolve(conn, found.instance_id, [found.token], actor.user, turn.now)
        note = {"incident": found.id, "operation": job.operation, "reason": reason}
        return turn.append("JobRetried", note=note, private={"inputs": dict(inputs or {})})

    return host.write(transaction)


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
        turn, found = _open(host, conn, actor, incident_id)
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


def _open(host: Host, conn: Connection, actor: Actor, incident_id: str) -> tuple[Turn, IncidentRow]:
    found = incidents.get(conn, incident_id)
    turn = Turn.on(host, conn, actor, found.instance_id)
    if incidents.get(conn, incident_id).state != "open":
        raise AlreadyDone("This incident is resolved")
    return turn, found


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


def _queue(turn: Turn, job: JobRow, inputs: Mapping[str, Any] | None) -> None:
    """Queue a failed job again; with other inputs it is another call, under a key of its own.

    A department that remembers keys would answer the mended call with the first one's refusal.
    """
    if not inputs or job.token is None:
        jobs.queue_again(turn.conn, job, turn.now)
        return
    opened = turn.seal.open(job.payload)
    mended = opened | {"inputs": opened["inputs"] | dict(inputs)}
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
