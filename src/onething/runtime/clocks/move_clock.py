"""Move a clock by hand, and tell the applicant; or try it first and write nothing."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from onething import cases, clocks, instances, notices
from onething.calendar import jurisdiction_of
from onething.cases import CaseRow
from onething.clocks import Clock, Frame, Register
from onething.errors import Conflict
from onething.identity import Actor
from onething.notices import NoticeRow
from onething.runtime.clocks.clock_moves import ClockMove, Resume, require_movable
from onething.runtime.clocks.clocking import reckon
from onething.runtime.clocks.view_clocks import ClockView, explained
from onething.runtime.host import Host
from onething.runtime.messages.send_notice import notice_text
from onething.runtime.messages.tell import About
from onething.runtime.messages.tell_parties import tell_notice
from onething.runtime.permissions import require_clock, require_role, visible_case
from onething.runtime.templates import templates_of
from onething.runtime.turn import Receipt, Turn, require_key

_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a move would come to; nothing was written."""

    before: ClockView
    after: ClockView
    """A pause that is still open is taken to last as long as it is said to need."""


def move_clock(
    host: Host, actor: Actor, case_no: str, move: ClockMove, *, key: str | None = None
) -> Receipt:
    """Pause, resume or extend a clock in one event, and tell the applicant in writing.

    Args:
        host: The node.
        actor: A supervisor of the clock's department; stands as the approver.
        case_no: The case.
        move: What is to happen to which clock.
        key: Idempotency key.

    Raises:
        NotAllowed: The actor is no supervisor, or the clock is another department's.
        NotFound: No such case for this person.
        InvalidInput: Reason, article or time is missing or too long.
        CalendarError: The time cannot be read.
        ClockRefused: The law or the clock's own days do not allow it.
        Conflict: The package has no notice that the law asks for.
    """
    require_role(actor, "supervisor")
    require_key(key)
    request = _plain(case_no, move)

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, visible_case(actor, conn, case_no).instance_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        register = turn.register()
        clock = _move(actor, register, move)
        instance_id = turn.row.instance_id
        items = cases.item_states(conn, [instance_id])[instance_id]
        reckon(register, turn.definition.service, items)
        _tell(turn, clock, move)
        note = {"clock": move.clock_id}
        return turn.append(move.event, note=note, key=key, request=request, register=register)

    return host.write(transaction)


def preview_move(host: Host, actor: Actor, case_no: str, move: ClockMove) -> Preview:
    """Say what a move would come to, and write nothing; raises as `move_clock`."""
    require_role(actor, "supervisor")
    with host.database.read() as conn:
        case = visible_case(actor, conn, case_no)
        sequence = instances.get(conn, case.instance_id).sequence + 1
        found = clocks.of_case(conn, case.instance_id)
    frame = _frame(host, case, sequence)
    register = Register(case.instance_id, found, frame)
    before = register.clocks.get(move.clock_id)
    after = move.foreseen(_move(actor, register, move), frame)
    return Preview(explained(host, before or after), explained(host, after))


def _frame(host: Host, case: CaseRow, sequence: int) -> Frame:
    now = max(host.clock(), case.submitted_at)
    return Frame(host.calendar, host.zone, now, sequence, jurisdiction_of(case.region))


def _move(actor: Actor, register: Register, move: ClockMove) -> Clock:
    clock = register.clocks.get(move.clock_id)
    if clock is not None:
        require_clock(actor, clock)
    require_movable(clock)
    return move.act(register, actor.user)


def _plain(case_no: str, move: ClockMove) -> dict[str, Any]:
    """Return a move as JSON, to know a repetition from a re-used key."""
    given = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(move).items()
    }
    return {"case": case_no, "event": move.event, **given}


def _tell(turn: Turn, clock: Clock, move: ClockMove) -> None:
    """Keep the written notice for the applicant.

    Source: 行政许可法 第四十二条 (extension), 第四十五条 (time that is needed).
    """
    template = templates_of(turn.definition).get(move.template)
    if template is None:
        if isinstance(move, Resume):
            return
        raise Conflict(f"The service has no {move.template}, which must be given in writing")
    item = turn.definition.service.item(clock.item_id)
    data = move.told(clock) | {
        "case": {"number": turn.row.case_no},
        "item": turn.definition.service.name if item is None else item.name,
        "dueOn": _last_day(turn, clock).isoformat(),
    }
    text = notice_text(template, data, turn.environment, turn.definition.wording("en"))
    row = NoticeRow(
        instance_id=turn.row.instance_id,
        notice_id=f"{turn.row.sequence + 1}-{move.template}",
        template=template.id,
        party="applicant",
        sealed=turn.seal.close(text),
        at=turn.now,
    )
    notices.add(turn.conn, row)
    case = cases.of_instance(turn.conn, row.instance_id)
    about = About(row.instance_id, turn.row.case_no, turn.seal)
    tell_notice(turn.host, turn.conn, case, about, row.notice_id, row.party, template, text)


def _last_day(turn: Turn, clock: Clock) -> date:
    due_at = clock.statutory_due_at or clock.promised_due_at
    if due_at is None:
        raise Conflict(f"The clock {clock.clock_id} has no limit to move")
    return (due_at - _AN_INSTANT).astimezone(turn.host.zone).date()
