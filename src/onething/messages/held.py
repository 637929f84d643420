"""Messages and signals that wait until their receiver is resumed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from onething.messages.models import held_message
from onething.messages.records import SubscriptionRow


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message or signal for an instance that is suspended."""

    instance_id: str
    message_id: str
    subscription: str
    kind: str
    name: str
    key: str | None
    activity: str
    payload: bytes
    cause: str | None
    received_at: datetime
    ready_at: datetime | None = None

    @property
    def place(self) -> SubscriptionRow:
        """Where the instance waited for it."""
        return SubscriptionRow(
            self.instance_id, self.subscription, self.kind, self.name, self.key, self.activity
        )


def hold(conn: Connection, one: HeldMessage) -> None:
    """Keep a message for a suspended instance; one that is held already is not held twice."""
    same = (
        held_message.c.instance_id == one.instance_id,
        held_message.c.message_id == one.message_id,
    )
    if conn.execute(select(held_message.c.name).where(*same)).first() is None:
        values = {name: getattr(one, name) for name in one.__slots__}
        conn.execute(insert(held_message).values(values))


def let_go(conn: Connection, instance_id: str, now: datetime | None) -> None:
    """Let what is held for an instance be delivered from an instant on; None holds it again."""
    mine = held_message.c.instance_id == instance_id
    conn.execute(update(held_message).where(mine).values(ready_at=now))


def ready(conn: Connection, now: datetime, limit: int) -> list[HeldMessage]:
    """Return what can be delivered by now, in the order it came."""
    query = (
        select(held_message)
        .where(held_message.c.ready_at <= now)
        .order_by(held_message.c.received_at, held_message.c.message_id)
        .limit(limit)
    )
    return [HeldMessage(*row) for row in conn.execute(query)]


def held_for(conn: Connection, instance_id: str) -> list[HeldMessage]:
    """Return what is held for one instance, in the order it came."""
    query = select(held_message).where(held_message.c.instance_id == instance_id)
    query = query.order_by(held_message.c.received_at, held_message.c.message_id)
    return [HeldMessage(*row) for row in conn.execute(query)]


def drop_held(conn: Connection, one: HeldMessage) -> bool:
    """Take a held message away; False when it is gone already."""
    gone = conn.execute(
        delete(held_message).where(
            held_message.c.instance_id == one.instance_id,
            held_message.c.message_id == one.message_id,
        )
    )
    return gone.rowcount == 1
