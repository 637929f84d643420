"""Extend a clock: once, approved, with a reason, and told to the applicant in writing."""

from datetime import date
from typing import Any

from onething import notices
from onething.clocks import Clock, Register, Why
from onething.errors import Conflict
from onething.identity import Actor
from onething.notices import NoticeRow
from onething.runtime.host import Host
from onething.runtime.pause_clock import move_clock, require_words
from onething.runtime.send_notice import notice_text
from onething.runtime.templates import templates_of
from onething.runtime.turn import Receipt, Turn

TEMPLATE = "extension-notice"
"""Text of the package by which the applicant is told."""


def extend_clock(  # noqa: PLR0913 - the parts of one extension
    host: Host,
    actor: Actor,
    case_no: str,
    clock_id: str,
    *,
    limit: str,
    reason: str,
    basis: str,
    key: str | None = None,
) -> Receipt:
    """Lengthen an item's clock by a limit; both legs move, and the applicant gets a notice.

    Args:
        host: The node.
        actor: A supervisor of a department that works on the case; stands as the approver.
        case_no: The case.
        clock_id: The clock, `handling.adoption`.
        limit: What is added, `WD(10)`.
        reason: Why, in words that everybody may read.
        basis: The article that allows it.
        key: Idempotency key.

    Raises:
        NotAllowed: The actor is no supervisor.
        NotFound: No such case for this person.
        InvalidInput: Reason or article is missing or too long.
        CalendarError: The limit cannot be read.
        Conflict: The clock was extended before, has ended, does not exist, or the package has
            no notice of extension.

    Source: 行政许可法 第四十二条.
    """
    require_words(reason=reason, basis=basis)

    def act(register: Register) -> None:
        register.extend(clock_id, limit, Why(reason, actor.user, basis))

    def tell(turn: Turn, register: Register) -> None:
        clock = register.clocks[clock_id]
        _tell(turn, clock, {"limit": limit, "reason": reason, "basis": basis})

    request = {"clock": clock_id, "limit": limit, "reason": reason, "basis": basis}
    return move_clock(host, actor, case_no, "ClockExtended", act, request, key=key, then=tell)


def _tell(turn: Turn, clock: Clock, given: dict[str, Any]) -> None:
    """Keep the written notice for the applicant."""
    template = templates_of(turn.definition).get(TEMPLATE)
    if template is None:
        raise Conflict("The service has no notice of extension, which must be given in writing")
    env = turn.host.environment(turn.now)
    item = turn.definition.service.item(clock.item_id)
    data = given | {
        "case": {"number": turn.row.case_no},
        "item": turn.definition.service.name if item is None else item.name,
        "dueOn": _last_day(turn, clock).isoformat(),
    }
    row = NoticeRow(
        instance_id=turn.row.instance_id,
        notice_id=f"{turn.row.sequence + 1}-extension",
        template=template.id,
        party="applicant",
        sealed=turn.seal.close(notice_text(template, data, env)),
        at=turn.now,
    )
    notices.add(turn.conn, row)


def _last_day(turn: Turn, clock: Clock) -> date:
    ledger = clock.ledger("statutory") or clock.ledger("promised")
    if ledger is None:
        raise Conflict(f"The clock {clock.clock_id} has no limit to lengthen")
    return ledger.due(turn.host.calendar, clock.jurisdiction, today=turn.frame.today).on
