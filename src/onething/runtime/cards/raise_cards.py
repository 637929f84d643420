"""Raise the cards of electronic supervision, and hand up those that nobody answers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from onething import cards, cases, clocks, tasks
from onething.cards import CardRow
from onething.clocks import Clock
from onething.errors import OnethingError
from onething.identity import SYSTEM
from onething.runtime.cards.supervision import Supervision, WantedCard
from onething.runtime.host import Host
from onething.runtime.messages.tell_workers import tell_of_card, tell_of_escalation
from onething.runtime.turn import Turn
from onething.tasks import TaskRow

_PAGE = 2_000
_EVERY_LIMIT = timedelta(days=366 * 11)
"""Longer than any limit."""
_BACK = timedelta(days=31)
"""So long after its end a reception that ran out is still looked for."""
_OWES_REPLY = ("yellow", "red")
_log = structlog.get_logger()


def raise_cards(host: Host, *, every: bool = False) -> int:
    """Raise the cards that clocks call for, each rule once a clock; return how many.

    Args:
        host: The node.
        every: Look at all clocks that run, and at receptions that ran out, as each new day asks
            for; else at those alone whose time has passed or ends within the day, by hours.
    """
    now = host.clock()
    looked_at: set[str] = set()
    raised = 0
    for page in _pages(host, every=every):
        ids = dict.fromkeys(one.instance_id for one in page)
        wanted = [one for one in _calling(host, list(ids)) if one not in looked_at]
        looked_at |= set(wanted)
        raised += sum(_tried(host, one) for one in wanted)
    if raised:
        _log.info("cards raised", cards=raised, at=now.isoformat())
    return raised


def escalate_cards(host: Host) -> int:
    """Hand cards up to the deputy whose reply is overdue; return how many.

    The deputy owes the reply within the same limit.
    """
    with host.database.read() as conn:
        late = cards.unanswered(conn, host.clock())
    for one in late:
        host.write(partial(_escalate, host, one))
    return len(late)


def _pages(host: Host, *, every: bool) -> Iterator[list[Clock]]:
    now, after = host.clock(), ("", "")
    before = now + _EVERY_LIMIT if every else now
    while True:
        with host.database.read() as conn:
            page = clocks.open_due(conn, before, _PAGE, after, by_hours=not every)
        yield page
        if len(page) < _PAGE:
            break
        after = (page[-1].instance_id, page[-1].clock_id)
    if not every:
        return
    with host.database.read() as conn:
        yield clocks.ran_out(conn, "reception", now - _BACK, now)


def _calling(host: Host, instance_ids: list[str]) -> list[str]:
    """Return the cases of some that call for cards which they do not have."""
    found: list[str] = []
    if not instance_ids:
        return found
    with host.database.read() as conn:
        known = cards.known(conn, instance_ids)
        dated = _by_case(tasks.dated_of(conn, instance_ids))
        for instance_id, of_case in clocks.of_cases(conn, instance_ids).items():
            case = cases.of_instance(conn, instance_id)
            definition = host.definitions.get(conn, case.service, case.number)
            standing = known.get(instance_id, [])
            asked = Supervision(
                host, definition, of_case, standing, dated[instance_id], host.clock()
            )
            if asked.of_clocks() or asked.of_case():
                found.append(instance_id)
    return found


def _tried(host: Host, instance_id: str) -> int:
    try:
        return host.write(partial(_raise, host, instance_id))
    except OnethingError:
        _log.exception("cards not raised", instance=instance_id)
        return 0


def _raise(host: Host, instance_id: str, conn: Connection) -> int:
    turn = Turn.on(host, conn, SYSTEM, instance_id)
    standing = cards.of_case(conn, instance_id)
    live = tasks.worklist(conn, tasks.Filter(instance_id=instance_id, states=tasks.LIVE), limit=500)
    of_case = clocks.of_case(conn, instance_id)
    asked = Supervision(
        host, turn.definition, of_case, standing, _by_case(live)[instance_id], turn.now
    )
    found = asked.of_clocks()
    found += asked.of_case(one.colour for one in found)
    for number, wanted in enumerate(found, len(standing) + 1):
        row = _card(turn, number, wanted, live, asked)
        cards.add(conn, row)
        tell_of_card(turn, row)
        note = {name: getattr(row, name) for name in ("rule", "colour", "department", "addressee")}
        turn.append("CardRaised", note={"card": number, "clock": row.clock_id, **note})
    return len(found)


def _by_case(rows: Iterable[TaskRow]) -> Mapping[str, dict[str, str]]:
    """Return process and activity of some tasks, by case and token."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in rows:
        found[one.instance_id][one.token] = f"{one.process}/{one.activity}"
    return found


def _card(
    turn: Turn, number: int, wanted: WantedCard, live: Iterable[TaskRow], asked: Supervision
) -> CardRow:
    clock = wanted.clock
    task = _task_of(clock, live)
    return CardRow(
        instance_id=turn.row.instance_id,
        card_id=number,
        case_no=turn.row.case_no,
        service=turn.row.service,
        clock_id=None if clock is None else clock.clock_id,
        item_id=None if clock is None else clock.item_id,
        token=None if clock is None else clock.token,
        department=_department(clock, asked.clocks),
        post=None if task is None else task.post,
        holder=None if task is None else task.assignee,
        rule=wanted.rule,
        colour=wanted.colour,
        addressee=wanted.addressee,
        basis=wanted.basis,
        state="open",
        raised_at=turn.now,
        reply_due_at=asked.reply_due_at() if wanted.colour in _OWES_REPLY else None,
    )


def _task_of(clock: Clock | None, live: Iterable[TaskRow]) -> TaskRow | None:
    """Return the task that a clock is about: its own, else the first of its item."""
    if clock is None:
        return None
    return next(
        (
            one
            for one in live
            if one.token == clock.token or (clock.token is None and one.item == clock.item_id)
        ),
        None,
    )


def _department(clock: Clock | None, of_case: Iterable[Clock]) -> str | None:
    """Return who answers for a clock; for a case, the department whose clock started last."""
    if clock is not None:
        return clock.department
    answering = [one.department for one in of_case if one.department is not None]
    return answering[-1] if answering else None


def _escalate(host: Host, row: CardRow, conn: Connection) -> None:
    turn = Turn.on(host, conn, SYSTEM, row.instance_id)
    if cards.get(conn, row.id).state == "open":
        asked = Supervision(host, turn.definition, (), (), {}, turn.now)
        cards.escalate(conn, row, turn.now, asked.reply_due_at())
        tell_of_escalation(turn, row)
        turn.append("CardEscalated", note={"card": row.card_id, "rule": row.rule})
