"""Hold a case while its decision is reviewed (复议) or before a court (诉讼), and lift that.

While a running case is on hold it rests as one that operators suspended: no task is completed,
no job performed, no timer fired, messages are kept. A case that has ended may be held too: it is
neither archived nor erased then. The clocks run on unless the setting `hold_pauses_clocks` says
otherwise, which is an assumption: no source names review and lawsuit among what stops them.

Source: 行政许可法 第四十五条 lists what does not count; domain report §1.5.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from onething import cases
from onething.cases import HOLD_KINDS, OUTCOMES, Hold
from onething.clocks import Clock, Register, Why
from onething.errors import AlreadyDone, InvalidInput, NotAllowed
from onething.identity import Actor
from onething.runtime.clocks.clocking import reckon
from onething.runtime.host import Host
from onething.runtime.operating.suspend import let_go_on, let_rest, suspension
from onething.runtime.permissions import require_role, visible_case
from onething.runtime.turn import Receipt, Turn, require_key

HELD, LIFTED = "CaseHeld", "HoldLifted"
LONGEST_DOCUMENT = 100
LONGEST_BASIS = 500
PAUSED_FOR = "依法暂停办理"
"""What the ledger of a clock says: everybody reads it, so it tells no more."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Why a case is to be held."""

    kind: str
    """One of HOLD_KINDS."""
    document: str
    """Number of the notice of review, or of the court's."""
    dated_on: date
    basis: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of the review or the lawsuit."""

    kind: str
    """One of OUTCOMES."""
    document: str
    """Number of the decision or judgment."""
    dated_on: date


def hold_case(
    host: Host, actor: Actor, case_no: str, holding: Holding, *, key: str | None = None
) -> Receipt:
    """Put a case on hold.

    Args:
        host: The node.
        actor: A supervisor of a department that takes part in the case.
        case_no: The case, running or ended.
        holding: Kind, document, its date, legal basis.
        key: Idempotency key: a repeated request is answered with the first one's answer.

    Raises:
        NotAllowed: The actor is no supervisor.
        NotFound: No such case for this person.
        InvalidInput: A part is missing or does not fit; `fields` says which.
        AlreadyDone: It is on hold.
        CaseArchived: It is archived.
    """
    _check(host, HOLD_KINDS, holding)

    def act(turn: Turn) -> tuple[dict[str, Any], Register | None]:
        before = cases.holds_of(turn.conn, turn.row.instance_id)
        if any(one.is_open for one in before):
            raise AlreadyDone(f"The case {case_no} is on hold")
        register = _pausing(turn) if turn.row.is_live else None
        if turn.row.is_live and not turn.row.is_suspended:
            let_rest(turn)
        number = len(before) + 1
        cases.put_hold(turn.conn, _row(turn, number, holding))
        return {"hold": number}, register

    told = {"kind": holding.kind, "document": holding.document, "basis": holding.basis}
    return _acting(host, actor, case_no, HELD, told, holding.dated_on, act, key)


def lift_hold(
    host: Host, actor: Actor, case_no: str, ruling: Ruling, *, key: str | None = None
) -> Receipt:
    """Lift a hold with the outcome: a case that rested by it alone goes on.

    Raises:
        NotAllowed: The actor is no supervisor of the department that put it there.
        NotFound: No such case for this person.
        InvalidInput: A part is missing or does not fit; `fields` says which.
        AlreadyDone: It is not on hold.
        CaseArchived: It is archived.
    """
    _check(host, OUTCOMES, ruling)

    def act(turn: Turn) -> tuple[dict[str, Any], Register | None]:
        found = cases.hold_of(turn.conn, turn.row.instance_id)
        if found is None:
            raise AlreadyDone(f"The case {case_no} is not on hold")
        if found.department != actor.department:
            raise NotAllowed(f"A supervisor of {found.department} lifts this hold")
        register = _resuming(turn) if turn.row.is_live else None
        if turn.row.is_suspended and suspension(turn.conn, turn.row.instance_id) is None:
            let_go_on(turn)
        cases.lift_hold(
            turn.conn,
            found,
            outcome=ruling.kind,
            document=ruling.document.strip(),
            dated_on=ruling.dated_on,
            by=actor.user,
            at=turn.now,
        )
        return {"hold": found.number}, register

    told = {"outcome": ruling.kind, "document": ruling.document}
    return _acting(host, actor, case_no, LIFTED, told, ruling.dated_on, act, key)


def _acting(  # noqa: PLR0913 - the parts of one command
    host: Host,
    actor: Actor,
    case_no: str,
    kind: str,
    told: dict[str, str],
    dated_on: date,
    act: Callable[[Turn], tuple[dict[str, Any], Register | None]],
    key: str | None,
) -> Receipt:
    """Append one event: others read that there is a hold, its particulars lie under the key."""
    require_role(actor, "supervisor")
    require_key(key)
    private = {name: text.strip() for name, text in told.items()}
    private |= {"dated_on": dated_on.isoformat()}
    request = {"case": case_no, "event": kind, **private}

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, visible_case(actor, conn, case_no).instance_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        note, register = act(turn)
        return turn.append(
            kind, note=note, private=private, register=register, key=key, request=request
        )

    return host.write(transaction)


def _row(turn: Turn, number: int, holding: Holding) -> Hold:
    return Hold(
        instance_id=turn.row.instance_id,
        number=number,
        case_no=turn.row.case_no,
        department=turn.actor.department or "",
        kind=holding.kind,
        document=holding.document.strip(),
        dated_on=holding.dated_on,
        basis=holding.basis.strip(),
        put_by=turn.actor.user,
        put_at=turn.now,
    )


def _pausing(turn: Turn) -> Register | None:
    """Return the clocks with those for a decision paused, where the setting wants that."""
    if not turn.host.settings.hold_pauses_clocks:
        return None
    why = Why(PAUSED_FOR, turn.actor.user)
    return _moved(turn, lambda register, one: register.pause(one.clock_id, why), paused=False)


def _resuming(turn: Turn) -> Register | None:
    """Return the clocks with those that a hold paused running; None where there are none."""
    why = Why(PAUSED_FOR, turn.actor.user)
    return _moved(turn, lambda register, one: register.resume(one.clock_id, why), paused=True)


def _moved(
    turn: Turn, move: Callable[[Register, Clock], Clock], *, paused: bool
) -> Register | None:
    """Return the clocks with those moved that a hold has paused, or has not; None for none."""
    register = turn.register()
    for one in register.open("handling"):
        if not one.is_derived and (PAUSED_FOR in one.paused_for) == paused:
            move(register, one)
    if not register.changes:
        return None
    items = cases.item_states(turn.conn, [turn.row.instance_id])[turn.row.instance_id]
    reckon(register, turn.definition.service, items)
    return register


def _check(host: Host, kinds: tuple[str, ...], given: Holding | Ruling) -> None:
    """Raise InvalidInput with everything that is missing or does not fit."""
    wrong = {}
    if given.kind not in kinds:
        wrong["kind"] = f"One of {', '.join(kinds)}"
    if not _fits(given.document, LONGEST_DOCUMENT):
        wrong["document"] = f"1 to {LONGEST_DOCUMENT} characters"
    if given.dated_on > host.today:
        wrong["dated_on"] = "A paper has no date in the future"
    if isinstance(given, Holding) and not _fits(given.basis, LONGEST_BASIS):
        wrong["basis"] = f"1 to {LONGEST_BASIS} characters"
    if wrong:
        raise InvalidInput("Kind, document, date and basis of a hold", wrong)


def _fits(text: str, longest: int) -> bool:
    return bool(text.strip()) and len(text) <= longest
