"""The feed: what happened to the cases that a department takes part in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from onething import cases, history, instances
from onething.cases import ItemRow
from onething.errors import NotAllowed
from onething.history import Event
from onething.identity import Actor
from onething.runtime.exchange.exchange_events import ExchangeEvent, exchange_events
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One line of the feed; it names no person."""

    id: str
    """The same each time the event is read: receivers drop what they know."""
    type: str
    """The exchange's name of it, such as 受理."""
    case_no: str
    service: str
    sequence: int
    """Its place in the history of the case."""
    at: datetime
    item_no: str | None
    item_state: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A part of the feed, and where the next one begins."""

    events: Sequence[FeedEvent]
    after: int
    """Position of the last event of history that was looked at, visible or not."""


def view_feed(host: Host, actor: Actor, *, after: int = 0, limit: int = 50) -> Feed:
    """Return what became of `limit` events of history behind a position, in order.

    A department's clerks and supervisors see the cases that hold an item of theirs, and of
    items their own alone; auditors see all. Nothing of it is personal data.

    Raises:
        NotAllowed: This person is neither.
    """
    sees_all = actor.is_system or "auditor" in actor.roles
    works = actor.department is not None and any(role in actor.roles for role in WORKERS)
    if not sees_all and not works:
        raise NotAllowed("The feed is read for a department, or by an auditor")
    department = None if sees_all else actor.department

    def look(conn: Connection) -> Feed:
        found = history.read_all(conn, after, limit)
        window = Window(conn, department)
        events = [line for _at, event in found for line in window.lines(event)]
        return Feed(events, found[-1][0] if found else after)

    if host.database.is_sqlite:
        with host.database.read() as conn:
            return look(conn)
    return host.database.write(look)


class Window:
    """What one department may see of histories; None sees all."""

    def __init__(self, conn: Connection, department: str | None) -> None:
        self._conn = conn
        self._department = department
        self._items: dict[str, dict[str, ItemRow]] = {}

    def lines(self, event: Event) -> list[FeedEvent]:
        """Return the visible lines that an event of history makes."""
        return [line for _at, line in self.numbered(event)]

    def numbered(self, event: Event) -> list[tuple[int, FeedEvent]]:
        """Return the visible lines with their places among all that the event makes."""
        made = list(exchange_events(event))
        if not made:
            return []
        own = self._own_items(event.instance_id)
        if not own and self._department is not None:
            return []
        case = instances.get(self._conn, event.instance_id)
        return [
            (at, _line(event, at, one, case.case_no, case.service, own))
            for at, one in enumerate(made)
            if one.item_id is None or one.item_id in own
        ]

    def _own_items(self, instance_id: str) -> dict[str, ItemRow]:
        if instance_id not in self._items:
            self._items[instance_id] = {
                row.item_id: row
                for row in cases.items(self._conn, instance_id)
                if self._department in (None, row.department)
            }
        return self._items[instance_id]


def _line(  # noqa: PLR0913 - the parts of one line
    event: Event,
    at: int,
    one: ExchangeEvent,
    case_no: str,
    service: str,
    items: dict[str, ItemRow],
) -> FeedEvent:
    return FeedEvent(
        id=f"{event.instance_id}-{event.sequence}-{at}",
        type=one.type.value,
        case_no=case_no,
        service=service,
        sequence=event.sequence,
        at=event.at,
        item_no=items[one.item_id].item_no if one.item_id else None,
        item_state=one.state,
    )
