"""Suspend an instance, resume it, or cancel it: an operator's hold on one case.

While it is suspended no task is completed, no job performed and no timer fired; messages and
signals are kept for it. The legal clocks run on: the law does not stop for a machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from onething import cases, history, instances, jobs, messages
from onething.engine import Cancel
from onething.errors import AlreadyDone, CaseOnHold, Conflict, InvalidInput
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.turn import Receipt, Turn, require_key

SUSPENDED, RESUMED, CANCELLED = "Suspended", "Resumed", "CaseCancelled"
LONGEST_REASON = 2_000
Acting = Callable[[Connection], Receipt]
"""A command's transaction, ready to run."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """Since when, by whom and why an instance is suspended."""

    at: datetime
    by: str
    reason: str


def suspend(
    host: Host, actor: Actor, case_no: str, reason: str, *, key: str | None = None
) -> Receipt:
    """Let nothing go on in a case until it is resumed.

    Args:
        host: The node.
        actor: An operator.
        case_no: The case.
        reason: Why, for history.
        key: Idempotency key: a repeated request is answered with the first one's answer.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such case.
        InvalidInput: No reason is given, or it is too long.
        AlreadyDone: It is suspended.
        Conflict: It has ended.
    """
    return host.write(suspending(host, actor, case_no, reason, key))


def resume(
    host: Host, actor: Actor, case_no: str, reason: str, *, key: str | None = None
) -> Receipt:
    """Let a suspended case go on: what came due meanwhile is done now, in its order.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such case.
        InvalidInput: No reason is given, or it is too long.
        AlreadyDone: It is not suspended.
        Conflict: It has ended.
    """
    return host.write(resuming(host, actor, case_no, reason, key))


def cancel(
    host: Host, actor: Actor, case_no: str, reason: str, *, key: str | None = None
) -> Receipt:
    """End a case at once, against its diagram: all its tasks, jobs and timers end with it.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such case.
        InvalidInput: No reason is given, or it is too long.
        Conflict: It has ended.
        CaseOnHold: Its decision is under review or before a court.
    """
    return host.write(cancelling(host, actor, case_no, reason, key))


def suspending(
    host: Host, actor: Actor, case_no: str, reason: str, key: str | None = None
) -> Acting:
    """Return the transaction that suspends a case."""

    def act(turn: Turn) -> Callable[..., Receipt]:
        if suspension(turn.conn, turn.row.instance_id) is not None:
            raise AlreadyDone(f"The case {case_no} is suspended")
        if not turn.row.is_suspended:  # a supervisor's hold lets nothing go on already
            turn.require_running()
            let_rest(turn)
        return lambda **told: turn.append(SUSPENDED, **told)

    return _acting(host, actor, case_no, reason, key, SUSPENDED, act)


def resuming(host: Host, actor: Actor, case_no: str, reason: str, key: str | None = None) -> Acting:
    """Return the transaction that resumes a case."""

    def act(turn: Turn) -> Callable[..., Receipt]:
        _require_suspended(turn)
        if cases.hold_of(turn.conn, turn.row.instance_id) is None:
            let_go_on(turn)
        return lambda **told: turn.append(RESUMED, **told)

    return _acting(host, actor, case_no, reason, key, RESUMED, act)


def cancelling(
    host: Host, actor: Actor, case_no: str, reason: str, key: str | None = None
) -> Acting:
    """Return the transaction that cancels a case."""

    def act(turn: Turn) -> Callable[..., Receipt]:
        if turn.row.is_suspended and cases.hold_of(turn.conn, turn.row.instance_id) is not None:
            raise CaseOnHold
        messages.let_go(turn.conn, turn.row.instance_id, turn.now)
        return lambda **told: turn.step(CANCELLED, Cancel(), **told)[1]

    return _acting(host, actor, case_no, reason, key, CANCELLED, act)


def suspension(conn: Connection, instance_id: str) -> Suspension | None:
    """Return since when, by whom and why operators suspended an instance; None when they did not.

    A supervisor's hold is none: the instance rests by that, too.
    """
    if not instances.get(conn, instance_id).is_suspended:
        return None
    found = history.read(conn, None, instance_id)
    told = [one for one in found if one.kind in (SUSPENDED, RESUMED)]
    if not told or told[-1].kind == RESUMED:
        return None
    return Suspension(told[-1].at, told[-1].actor, str(told[-1].input.get("reason", "")))


def let_rest(turn: Turn) -> None:
    """Let nothing go on in an instance from its next event on: no task, job, timer or message."""
    turn.set_status("suspended")
    jobs.suspend(turn.conn, turn.row.instance_id)


def let_go_on(turn: Turn) -> None:
    """Let an instance go on from its next event on, with what came due meanwhile."""
    turn.set_status("active")
    jobs.resume(turn.conn, turn.row.instance_id)
    messages.let_go(turn.conn, turn.row.instance_id, turn.now)


def require_reason(reason: str) -> None:
    """Raise InvalidInput for a reason that is empty or longer than 2,000 characters."""
    if not reason.strip():
        raise InvalidInput("Say why", {"reason": "This needs a reason"})
    if len(reason) > LONGEST_REASON:
        told = f"At most {LONGEST_REASON} characters"
        raise InvalidInput("The reason is too long", {"reason": told})


def _require_suspended(turn: Turn) -> None:
    if not turn.row.is_live:
        raise Conflict(f"The case {turn.row.case_no} has ended")
    if suspension(turn.conn, turn.row.instance_id) is None:
        raise AlreadyDone(f"The case {turn.row.case_no} is not suspended")


def _acting(  # noqa: PLR0913 - the parts of one command
    host: Host,
    actor: Actor,
    case_no: str,
    reason: str,
    key: str | None,
    kind: str,
    act: Callable[[Turn], Callable[..., Receipt]],
) -> Acting:
    require_role(actor, "operator")
    require_key(key)
    require_reason(reason)
    request = {"case": case_no, "kind": kind, "reason": reason}

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, cases.get(conn, case_no).instance_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        return act(turn)(key=key, request=request, note={"reason": reason})

    return transaction
