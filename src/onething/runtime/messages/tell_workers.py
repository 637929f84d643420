"""Tell clerks, supervisors and deputies the few things that concern their work.

One line for each case and kind a day: what happens again counts on. Nothing of it leaves the
notice centre.
"""

from collections.abc import Iterable

from onething import identity, tasks
from onething.cards import CardRow
from onething.identity import SYSTEM_USER
from onething.runtime.messages.tell import About, News, tell
from onething.runtime.turn import Turn
from onething.tasks import TaskRow

_MOST = 200
"""So many tasks of a case are looked at for who worked on it."""


def tell_of_hands(turn: Turn, task: TaskRow, to: str | None) -> None:
    """Tell whom a task was given to, and whom it was taken from, where that was another person."""
    actor = turn.actor.user
    if to is not None and to != actor:
        _tell(turn, "assigned", [to], link=f"/tasks/{task.id}")
    if task.assignee is not None and task.assignee not in (actor, to):
        _tell(turn, "taken", [task.assignee])


def tell_of_supplement(turn: Turn, task: TaskRow) -> None:
    """Tell those who last worked on an item, or hold it, that a party did what it was asked."""
    wanted = tasks.Filter(instance_id=task.instance_id, states=(*tasks.LIVE, "completed"))
    rows = tasks.worklist(turn.conn, wanted, limit=_MOST)
    of_item = [one for one in rows if one.item == task.item and one.assignee and not one.party]
    newest: dict[str | None, TaskRow] = {}
    for row in sorted(of_item, key=lambda one: one.opened_at):
        newest[row.department] = row
    _tell(turn, "supplemented", [row.assignee for row in newest.values() if row.assignee])


def tell_of_card(turn: Turn, card: CardRow) -> None:
    """Tell who holds a task that a card was raised on; of a late one without holder, the heads."""
    kind = "due_soon" if card.colour == "amber" else "late"
    if card.holder is not None:
        _tell(turn, kind, [card.holder])
    elif kind == "late" and card.department is not None:
        _tell(turn, kind, identity.holders(turn.conn, "supervisor", card.department))


def tell_of_answer(turn: Turn, card: CardRow) -> None:
    """Tell the supervisors of a department that a card waits for their review."""
    if card.department is not None:
        heads = identity.holders(turn.conn, "supervisor", card.department)
        _tell(turn, "card_answered", heads, link=f"/supervision/cards/{card.id}")


def tell_of_escalation(turn: Turn, card: CardRow) -> None:
    """Tell the deputies of a department that a card was handed up to them."""
    if card.department is not None:
        deputies = identity.holders(turn.conn, "deputy", card.department)
        _tell(turn, "card_escalated", deputies, link=f"/supervision/cards/{card.id}")


def _tell(turn: Turn, kind: str, users: Iterable[str], link: str | None = None) -> None:
    day = turn.now.astimezone(turn.host.zone).date().isoformat()
    about = About(turn.row.instance_id, turn.row.case_no, turn.seal)
    for user in sorted(set(users) - {turn.actor.user, SYSTEM_USER}):
        tell(turn.host, turn.conn, user, News(f"{kind}.{day}", kind, link=link), about, turn.now)
