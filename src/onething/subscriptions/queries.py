"""Read subscriptions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from onething.errors import NotFound
from onething.subscriptions.models import subscription, subscription_change

LONGEST_WAIT = timedelta(minutes=15)
"""No delivery is put off, and no lease taken, for longer."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""Machines' clocks are no further apart."""


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One subscription."""

    subscription_id: str
    url: str
    department: str | None
    """Whose cases it hears of; None for everybody's."""
    types: Sequence[str]
    """Types of the exchange; empty for all."""
    state: str
    """active or paused."""
    reason: str | None
    secret: bytes = field(repr=False)
    old_secret: bytes | None = field(repr=False)
    old_until: datetime | None
    position: int
    """Every event of history up to here was received, or is not for it."""
    line: int
    """So many lines of the next event were received already."""
    failures: int
    failing_since: datetime | None
    failing_event: str | None
    failing_position: int | None
    failing_line: int | None
    due_at: datetime
    leased_by: str | None
    leased_until: datetime | None
    delivered_at: datetime | None
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a subscription."""

    number: int
    at: datetime
    actor: str
    kind: str
    subscription_id: str
    detail: Any


def get(conn: Connection, subscription_id: str) -> SubscriptionRow:
    """Return one subscription; raise NotFound when there is none."""
    query = select(subscription).where(subscription.c.subscription_id == subscription_id)
    row = conn.execute(query).first()
    if row is None:
        raise NotFound(f"No subscription {subscription_id}")
    return SubscriptionRow(*row)


def listing(conn: Connection) -> list[SubscriptionRow]:
    """Return every subscription, oldest first."""
    order = subscription.c.created_at, subscription.c.subscription_id
    return [SubscriptionRow(*row) for row in conn.execute(select(subscription).order_by(*order))]


def count(conn: Connection) -> int:
    """Return how many subscriptions there are."""
    return int(conn.execute(select(func.count()).select_from(subscription)).scalar_one())


def due(conn: Connection, newest: int, now: datetime) -> bool:
    """Whether an active subscription that nobody serves has something behind its position."""
    query = select(subscription.c.subscription_id).where(is_due(newest, now)).limit(1)
    return conn.execute(query).first() is not None


def is_due(newest: int, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a subscription is to be served now.

    What waits longer than anything is put off was written under a clock that has been set back.
    """
    one, ahead = subscription.c, now + LONGEST_WAIT + CLOCKS_DIFFER
    is_free = or_(one.leased_until.is_(None), one.leased_until < now, one.leased_until > ahead)
    is_time = or_(one.due_at <= now, one.due_at > ahead)
    is_behind = one.position < newest
    return (one.state == "active") & is_time & is_free & is_behind


def changes(conn: Connection, subscription_id: str) -> list[ChangeRow]:
    """Return what was done to a subscription, oldest first."""
    kept = subscription_change
    query = select(kept).where(kept.c.subscription_id == subscription_id).order_by(kept.c.number)
    return [ChangeRow(*row) for row in conn.execute(query)]
