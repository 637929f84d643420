"""Resolve an incident: try again, with mended input, or complete the job by hand."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from onething import incidents, jobs
from onething.engine import CompleteJob, Retry
from onething.errors import AlreadyDone, Conflict, InvalidInput
from onething.identity import Actor
from onething.incidents import IncidentRow
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
        jobs.queue_again(conn, job, turn.now, _mended(turn, job.payload, inputs))
        incidents.resolve(conn, found.instance_id, [found.token], actor.user, turn.now)
        note = {"incident": found.id, "operation": job.operation, "reason": reason}
        return turn.append("JobRetried", note=note, private={"inputs": dict(inputs or {})})

    return host.database.write(transaction)


def complete_by_hand(
    host: Host, actor: Actor, incident_id: str, answer: Mapping[str, Any], reason: str
) -> Receipt:
    """Give the answer that a department's system should have given.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such incident.
        AlreadyDone: It is resolved.
        Conflict: It is no job's incident.
        InvalidInput: No reason is given.
    """
    require_role(actor, "operator")
    if not reason.strip():
        raise InvalidInput("Say why", {"reason": "A job completed by hand needs a reason"})

    def transaction(conn: Connection) -> Receipt:
        turn, found = _open(host, conn, actor, incident_id)
        if found.kind != "job":
            raise Conflict("Only a job can be completed by hand")
        job = jobs.get(conn, found.instance_id, found.effect_key or "")
        jobs.finish(conn, job)
        incidents.resolve(conn, found.instance_id, [found.token], actor.user, turn.now)
        note = {"incident": found.id, "operation": job.operation, "reason": reason}
        return turn.step("JobCompletedByHand", CompleteJob(found.token, answer), note=note)[1]

    return host.database.write(transaction)


def _open(host: Host, conn: Connection, actor: Actor, incident_id: str) -> tuple[Turn, IncidentRow]:
    found = incidents.get(conn, incident_id)
    turn = Turn.on(host, conn, actor, found.instance_id)
    if incidents.get(conn, incident_id).state != "open":
        raise AlreadyDone("This incident is resolved")
    return turn, found


def _mended(turn: Turn, payload: bytes, inputs: Mapping[str, Any] | None) -> bytes | None:
    if not inputs:
        return None
    opened = turn.seal.open(payload)
    return turn.seal.close(opened | {"inputs": opened["inputs"] | dict(inputs)})
