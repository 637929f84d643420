"""Read and write subscriptions, early messages and messages sent under a key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from onething import db
from onething.messages.deliveries import drop_deliveries
from onething.messages.models import early_message, keyed_message, subscription

KEYS_KEPT = timedelta(days=30)
"""So long a repeated message is answered and not delivered again."""


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One place at which an instance waits."""

    instance_id: str
    subscription: str
    kind: str
    name: str
    key: str | None
    activity: str


@dataclass(frozen=True, slots=True)
class EarlyMessage:
    """A message that is kept until somebody waits for it."""

    message_id: str
    name: str
    key: str | None
    payload: bytes
    received_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class KeyedMessage:
    """A message that was sent under an idempotency key, and what became of it."""

    key: str
    request: str
    instance_id: str | None
    sequence: int | None
    received_at: datetime


_INSERT = insert(subscription)
_DELETE = delete(subscription).where(
    subscription.c.instance_id == bindparam("id"),
    subscription.c.subscription == bindparam("of"),
)
_MOVE = (
    update(subscription)
    .where(
        subscription.c.instance_id == bindparam("id"),
        subscription.c.subscription == bindparam("of"),
    )
    .values(activity=bindparam("at"))
)


def waiting(
    conn: Connection,
    kind: str,
    name: str,
    key: str | None = None,
    instance_id: str | None = None,
) -> list[SubscriptionRow]:
    """Return who waits for a message or signal, in a fixed order.

    A subscription without a key takes every key; `instance_id` looks at one instance alone.
    """
    query = select(subscription).where(subscription.c.kind == kind, subscription.c.name == name)
    if kind == "message":
        query = query.where(or_(subscription.c.key == key, subscription.c.key.is_(None)))
    if instance_id is not None:
        query = query.where(subscription.c.instance_id == instance_id)
    query = query.order_by(
        subscription.c.key.is_(None), subscription.c.instance_id, subscription.c.subscription
    )
    return [SubscriptionRow(*row) for row in conn.execute(query)]


def is_waiting(conn: Connection, one: SubscriptionRow) -> bool:
    """Whether an instance still waits at this place; ask it under the instance's lock."""
    query = select(subscription.c.name).where(
        subscription.c.instance_id == one.instance_id,
        subscription.c.subscription == one.subscription,
    )
    return conn.execute(query).first() is not None


def kept_for_waiting(
    conn: Connection, now: datetime, limit: int
) -> list[tuple[EarlyMessage, SubscriptionRow]]:
    """Return kept messages with one that waits for each, the oldest message first."""
    same_key = or_(subscription.c.key == early_message.c.key, subscription.c.key.is_(None))
    query = (
        select(early_message, subscription)
        .join(
            subscription,
            (subscription.c.kind == "message")
            & (subscription.c.name == early_message.c.name)
            & same_key,
        )
        .where(early_message.c.expires_at > now)
        .order_by(early_message.c.received_at, early_message.c.message_id)
        .limit(limit)
    )
    split = len(EarlyMessage.__slots__)
    return [
        (EarlyMessage(*row[:split]), SubscriptionRow(*row[split:])) for row in conn.execute(query)
    ]


def drop_early(conn: Connection, message_id: str) -> bool:
    """Take one kept message off the shelf; False when it is gone already."""
    gone = conn.execute(delete(early_message).where(early_message.c.message_id == message_id))
    return gone.rowcount == 1


def of_instance(conn: Connection, instance_id: str) -> list[SubscriptionRow]:
    """Return what one instance waits for."""
    query = select(subscription).where(subscription.c.instance_id == instance_id)
    return [SubscriptionRow(*row) for row in conn.execute(query)]


def subscribe(conn: Connection, rows: Sequence[SubscriptionRow]) -> None:
    """Insert subscriptions that a step began."""
    if rows:
        names = SubscriptionRow.__slots__
        db.write(conn, _INSERT, [{name: getattr(row, name) for name in names} for row in rows])


def unsubscribe(conn: Connection, instance_id: str, subscriptions: Sequence[str]) -> None:
    """Delete subscriptions that a step ended."""
    if subscriptions:
        db.write(conn, _DELETE, [{"id": instance_id, "of": one} for one in subscriptions])


def move_all(conn: Connection, instance_id: str, activities: Mapping[str, str]) -> None:
    """Let subscriptions stand at their nodes of another version; what they wait for stays."""
    if activities:
        rows = [{"id": instance_id, "of": one, "at": at} for one, at in activities.items()]
        db.write(conn, _MOVE, rows)


def keep_early(conn: Connection, message: EarlyMessage) -> None:
    """Keep a message that nobody waits for yet."""
    conn.execute(
        insert(early_message).values({name: getattr(message, name) for name in message.__slots__})
    )


def take_early(conn: Connection, name: str, key: str | None, now: datetime) -> EarlyMessage | None:
    """Take the oldest kept message of a name and key off the shelf, or None."""
    query = (
        select(early_message)
        .where(early_message.c.name == name, early_message.c.expires_at > now)
        .order_by(early_message.c.received_at, early_message.c.message_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if key is not None:
        query = query.where(early_message.c.key == key)
    row = conn.execute(query).first()
    if row is None:
        return None
    drop_early(conn, row.message_id)
    return EarlyMessage(*row)


def sent_under(conn: Connection, key: str) -> KeyedMessage | None:
    """Return what became of the message that was sent under a key, or None."""
    row = conn.execute(select(keyed_message).where(keyed_message.c.key == key)).first()
    return None if row is None else KeyedMessage(*row)


def note_key(conn: Connection, message: KeyedMessage) -> None:
    """Remember what became of a message that was sent under a key."""
    conn.execute(
        insert(keyed_message).values({name: getattr(message, name) for name in message.__slots__})
    )


def drop_expired(conn: Connection, now: datetime) -> int:
    """Delete kept messages, keys and deliveries whose time is over; return how many messages."""
    drop_deliveries(conn, now - KEYS_KEPT)
    conn.execute(delete(keyed_message).where(keyed_message.c.received_at <= now - KEYS_KEPT))
    return conn.execute(delete(early_message).where(early_message.c.expires_at <= now)).rowcount
