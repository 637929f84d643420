"""Pause a clock for time that the law does not count, and let it go on."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from onething import cases
from onething.clocks import Register, Why
from onething.errors import InvalidInput
from onething.identity import Actor
from onething.runtime.clocking import reckon
from onething.runtime.host import Host
from onething.runtime.permissions import require_role, visible_case
from onething.runtime.turn import Receipt, Turn, require_key

LONGEST_REASON = 500


def pause_clock(  # noqa: PLR0913 - the parts of one pause
    host: Host,
    actor: Actor,
    case_no: str,
    clock_id: str,
    *,
    reason: str,
    basis: str,
    first: date | None = None,
    last: date | None = None,
    key: str | None = None,
) -> Receipt:
    """Pause a clock from a day on, today if none is given.

    Args:
        host: The node.
        actor: A supervisor of a department that works on the case.
        case_no: The case.
        clock_id: The clock, `handling.adoption`.
        reason: Why, in words that everybody may read.
        basis: The article that lets the time not count.
        first: First day that does not count; may lie in the past.
        last: Last day, where the pause is over already; None leaves the clock paused.
        key: Idempotency key.

    Raises:
        NotAllowed: The actor is no supervisor.
        NotFound: No such case for this person.
        InvalidInput: Reason or article is missing or too long.
        Conflict: The case has no such clock, it has ended, or the days are impossible or
            belong to another pause.

    Source: 行政许可法 第四十五条.
    """
    require_words(reason=reason, basis=basis)
    why = Why(reason, actor.user, basis)

    def act(register: Register) -> None:
        register.require_unpaused(clock_id, first, last)
        register.pause(clock_id, why, first=first, last=last)

    request = {"clock": clock_id, "reason": reason, "first": first, "last": last}
    return move_clock(host, actor, case_no, "ClockPaused", act, request, key=key)


def resume_clock(
    host: Host, actor: Actor, case_no: str, clock_id: str, *, key: str | None = None
) -> Receipt:
    """End the newest pause of a clock; today counts again.

    Raises:
        NotAllowed: The actor is no supervisor.
        NotFound: No such case for this person.
        Conflict: The case has no such clock, it has ended, or it is not paused.
    """

    def act(register: Register) -> None:
        register.resume(clock_id, Why(approver=actor.user))

    return move_clock(host, actor, case_no, "ClockResumed", act, {"clock": clock_id}, key=key)


def move_clock(  # noqa: PLR0913 - the parts of one command
    host: Host,
    actor: Actor,
    case_no: str,
    kind: str,
    act: Callable[[Register], None],
    request: Mapping[str, Any],
    *,
    key: str | None,
    then: Callable[[Turn, Register], None] = lambda _turn, _register: None,
) -> Receipt:
    """Move clocks of a case in one event of a kind; `then` writes what follows besides."""
    require_role(actor, "supervisor")
    require_key(key)
    asked = {"case": case_no} | {name: _plain(value) for name, value in request.items()}

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, visible_case(actor, conn, case_no).instance_id)
        earlier = turn.repeated(key, asked)
        if earlier is not None:
            return earlier
        register = turn.register()
        act(register)
        instance_id = turn.row.instance_id
        items = cases.item_states(conn, [instance_id])[instance_id]
        reckon(register, turn.definition.service, items)
        then(turn, register)
        note = {"clock": request["clock"]}
        return turn.append(kind, note=note, key=key, request=asked, register=register)

    return host.write(transaction)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a part of a request
    return value.isoformat() if isinstance(value, date) else value


def require_words(**given: str) -> None:
    """Raise InvalidInput for a text that is empty or longer than 500 characters."""
    for name, text in given.items():
        if not text.strip():
            raise InvalidInput("Say why, and by which article", {name: "This is needed"})
        if len(text) > LONGEST_REASON:
            told = f"At most {LONGEST_REASON} characters"
            raise InvalidInput("The text is too long", {name: told})
