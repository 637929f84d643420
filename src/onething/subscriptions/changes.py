"""Write subscriptions: their making, and how far each of them has heard.

Whoever delivers holds a lease. Everything that a delivery writes asks whether the lease is
still its own, so that of two nodes that believe so only one moves the subscription on.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from onething.errors import NotFound
from onething.subscriptions.models import subscription, subscription_change
from onething.subscriptions.queries import SubscriptionRow, is_due

_NOT_FAILING: dict[str, Any] = {
    "failures": 0,
    "failing_since": None,
    "failing_event": None,
    "failing_position": None,
    "failing_line": None,
}


def add(conn: Connection, row: SubscriptionRow) -> None:
    """Insert a subscription."""
    values = {name: getattr(row, name) for name in row.__slots__}
    conn.execute(insert(subscription), values)


def note(  # noqa: PLR0913 - the columns of one row
    conn: Connection,
    by: str,
    at: datetime,
    kind: str,
    subscription_id: str,
    detail: Mapping[str, Any],
) -> None:
    """Write down what was done to a subscription."""
    row = {
        "at": at,
        "actor": by,
        "kind": kind,
        "subscription_id": subscription_id,
        "detail": dict(detail),
    }
    conn.execute(insert(subscription_change), row)


def lease(
    conn: Connection, owner: str, newest: int, now: datetime, until: datetime
) -> SubscriptionRow | None:
    """Take the one that was due first and has events behind it; None where there is none."""
    query = (
        select(subscription)
        .where(is_due(newest, now))
        .order_by(subscription.c.due_at, subscription.c.subscription_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    _set(conn, row.subscription_id, {"leased_by": owner, "leased_until": until})
    return SubscriptionRow(*row)


def advance(  # noqa: PLR0913 - whose lease, how far, until when
    conn: Connection,
    subscription_id: str,
    owner: str,
    place: tuple[int, int],
    until: datetime,
    delivered_at: datetime | None,
) -> bool:
    """Move a subscription to a place; say whether the lease was still the owner's."""
    values = {"position": place[0], "line": place[1], "leased_until": until}
    if delivered_at is not None:
        values |= {**_NOT_FAILING, "delivered_at": delivered_at}
    return _set_held(conn, subscription_id, owner, values)


def defer(  # noqa: PLR0913 - what failed, since when, until when
    conn: Connection,
    row: SubscriptionRow,
    owner: str,
    *,
    event: tuple[str, int, int],
    now: datetime,
    due_at: datetime,
    reason: str,
) -> bool:
    """Put a delivery off and give the lease back; `event` is its id, position and line."""
    is_same = row.failing_event == event[0]
    values = {
        "failures": row.failures + 1 if is_same else 1,
        "failing_since": row.failing_since if is_same else now,
        "failing_event": event[0],
        "failing_position": event[1],
        "failing_line": event[2],
        "due_at": due_at,
        "reason": reason,
        "leased_by": None,
        "leased_until": None,
    }
    return _set_held(conn, row.subscription_id, owner, values)


def release(conn: Connection, subscription_id: str, owner: str, due_at: datetime) -> None:
    """Give a lease back; the others that are due come first."""
    values = {"leased_by": None, "leased_until": None, "due_at": due_at}
    _set_held(conn, subscription_id, owner, values)


def pause(conn: Connection, subscription_id: str, reason: str) -> None:
    """Deliver nothing more until somebody resumes it.

    Whoever delivers loses the lease, which nobody else has before the running call has ended.
    """
    _set(conn, subscription_id, {"state": "paused", "reason": reason, "leased_by": None})


def resume(
    conn: Connection, subscription_id: str, now: datetime, place: tuple[int, int] | None = None
) -> None:
    """Deliver again from now on, behind a place where one is given."""
    values = {"state": "active", "reason": None, "due_at": now, **_NOT_FAILING}
    if place is not None:
        values |= {"position": place[0], "line": place[1]}
    _set(conn, subscription_id, values)


def rotate(conn: Connection, row: SubscriptionRow, secret: bytes, until: datetime) -> None:
    """Sign with a new secret, and until then with the one before as well."""
    values = {"secret": secret, "old_secret": row.secret, "old_until": until}
    _set(conn, row.subscription_id, values)


def remove(conn: Connection, subscription_id: str) -> None:
    """Delete a subscription; what was done to it stays written down."""
    query = delete(subscription).where(subscription.c.subscription_id == subscription_id)
    if conn.execute(query).rowcount != 1:
        raise NotFound(f"No subscription {subscription_id}")


def _set(conn: Connection, subscription_id: str, values: Mapping[str, Any]) -> None:
    query = update(subscription).where(subscription.c.subscription_id == subscription_id)
    if conn.execute(query.values(dict(values))).rowcount != 1:
        raise NotFound(f"No subscription {subscription_id}")


def _set_held(
    conn: Connection, subscription_id: str, owner: str, values: Mapping[str, Any]
) -> bool:
    one = subscription.c
    query = update(subscription).where(
        one.subscription_id == subscription_id, one.leased_by == owner
    )
    return conn.execute(query.values(dict(values))).rowcount == 1
