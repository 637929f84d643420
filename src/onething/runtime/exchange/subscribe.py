"""Subscriptions of other systems: made, paused, resumed, given new secrets, removed."""

import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from onething import history, identity, subscriptions
from onething.connectors import Destinations, draw_secret
from onething.errors import Conflict, InvalidInput
from onething.identity import Actor
from onething.runtime.exchange.exchange_events import ExchangeType
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.subscriptions import ChangeRow, SubscriptionRow

MOST = 100
"""Subscriptions of one site: each is a line in metrics and a place in the worker's round."""
TYPES = tuple(one.value for one in ExchangeType)
_LONGEST_REASON = 500
_LONGEST_OVERLAP_H = 30 * 24


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription and its secret, which is shown this once."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A subscription as people see it, without its secrets."""

    id: str
    url: str
    department: str | None
    types: Sequence[str]
    state: str
    reason: str | None
    failures: int
    failing_event: str | None
    failing_since: datetime | None
    due_at: datetime
    delivered_at: datetime | None
    old_secret_until: datetime | None
    lag_s: int
    """Age of the oldest event of history that it has not been asked about yet."""
    created_at: datetime


def destinations(host: Host) -> Destinations:
    """Return where webhooks of this site may go."""
    settings = host.settings
    return Destinations(settings.receivers, loopback=settings.demo, plain=settings.webhook_http)


def subscribe(  # noqa: PLR0913 - what a subscription is made of
    host: Host,
    actor: Actor,
    url: str,
    *,
    department: str | None = None,
    types: Sequence[str] = (),
    after: int | None = None,
) -> Subscribed:
    """Let a system be told of events by webhook.

    Args:
        host: The node.
        actor: An administrator.
        url: Where the events are sent.
        department: Whose cases it hears of, as in the feed; None for all.
        types: Types of the exchange; empty for all.
        after: Position of the feed to begin behind; None for what happens from now on.

    Raises:
        NotAllowed: The actor is no administrator.
        InvalidInput: URL, department or a type does not fit.
        Conflict: The site has as many subscriptions as it may have.
    """
    require_role(actor, "administrator")
    destinations(host).check(url)
    unknown = [one for one in types if one not in TYPES]
    if unknown:
        told = f"types are among {', '.join(TYPES)}"
        raise InvalidInput(told, {"types": told})
    if after is not None and after < 0:
        raise InvalidInput("A position is not negative", {"after": "not negative"})
    subscription_id, secret, now = f"s{random.token_hex(6)}", draw_secret(), host.clock()

    def command(conn: Connection) -> None:
        _check_department(conn, department)
        if subscriptions.count(conn) >= MOST:
            raise Conflict(f"A site has at most {MOST} subscriptions")
        row = SubscriptionRow(
            subscription_id=subscription_id,
            url=url,
            department=department,
            types=sorted(set(types)),
            state="active",
            reason=None,
            secret=host.keys.seal(secret.encode()),
            old_secret=None,
            old_until=None,
            position=history.horizon(conn) if after is None else after,
            line=0,
            failures=0,
            failing_since=None,
            failing_event=None,
            failing_position=None,
            failing_line=None,
            due_at=now,
            leased_by=None,
            leased_until=None,
            delivered_at=None,
            created_at=now,
            created_by=actor.user,
        )
        subscriptions.add(conn, row)
        detail = {"url": url, "department": department, "types": list(row.types)}
        subscriptions.note(conn, actor.user, now, "Subscribed", subscription_id, detail)

    host.write(command)
    return Subscribed(subscription_id, secret)


def pause_subscription(host: Host, actor: Actor, subscription_id: str, reason: str) -> None:
    """Deliver nothing more to a subscription until it is resumed.

    Raises:
        NotAllowed: The actor is neither administrator nor operator.
        NotFound: There is no such subscription.
        InvalidInput: No reason is given.
    """
    require_role(actor, "administrator", "operator")
    _check_reason(reason)
    now = host.clock()

    def command(conn: Connection) -> None:
        subscriptions.pause(conn, subscription_id, reason)
        subscriptions.note(conn, actor.user, now, "Paused", subscription_id, {"reason": reason})

    host.write(command)


def resume_subscription(
    host: Host, actor: Actor, subscription_id: str, *, skip: bool = False, reason: str = ""
) -> None:
    """Deliver again where it stopped; with `skip` behind the event that was refused.

    Raises:
        NotAllowed: The actor is neither administrator nor operator.
        NotFound: There is no such subscription.
        InvalidInput: An event is to be skipped without a reason.
        Conflict: An event is to be skipped and none failed.
    """
    require_role(actor, "administrator", "operator")
    if skip:
        _check_reason(reason)
    now = host.clock()

    def command(conn: Connection) -> None:
        row = subscriptions.get(conn, subscription_id)
        place, kind, detail = None, "Resumed", {"reason": reason}
        if skip:
            place = _behind(row)
            kind, detail = "EventSkipped", {"reason": reason, "event": row.failing_event or ""}
        subscriptions.resume(conn, subscription_id, now, place)
        subscriptions.note(conn, actor.user, now, kind, subscription_id, detail)

    host.write(command)


def rotate_secret(host: Host, actor: Actor, subscription_id: str, hours: int = 24) -> Subscribed:
    """Give a subscription a new secret; for some hours the old one signs as well.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: There is no such subscription.
        InvalidInput: The hours are negative, or more than thirty days.
    """
    require_role(actor, "administrator")
    if not 0 <= hours <= _LONGEST_OVERLAP_H:
        told = f"hours is 0 to {_LONGEST_OVERLAP_H}"
        raise InvalidInput(told, {"hours": told})
    secret, now = draw_secret(), host.clock()

    def command(conn: Connection) -> None:
        row = subscriptions.get(conn, subscription_id)
        until = now + timedelta(hours=hours)
        subscriptions.rotate(conn, row, host.keys.seal(secret.encode()), until)
        detail = {"hours": hours}
        subscriptions.note(conn, actor.user, now, "SecretRotated", subscription_id, detail)

    host.write(command)
    return Subscribed(subscription_id, secret)


def unsubscribe(host: Host, actor: Actor, subscription_id: str) -> None:
    """Remove a subscription.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: There is no such subscription.
    """
    require_role(actor, "administrator")
    now = host.clock()

    def command(conn: Connection) -> None:
        subscriptions.remove(conn, subscription_id)
        subscriptions.note(conn, actor.user, now, "Unsubscribed", subscription_id, {})

    host.write(command)


def view_subscriptions(host: Host, actor: Actor) -> list[SubscriptionView]:
    """Return every subscription, oldest first.

    Raises:
        NotAllowed: The actor is no administrator, operator or auditor.
    """
    require_role(actor, "administrator", "operator", "auditor")
    return subscriptions_now(host)


def subscriptions_now(host: Host) -> list[SubscriptionView]:
    """Return every subscription and how far behind it is; whoever asks was let in before."""
    now = host.clock()
    with host.database.read() as conn:
        return [_view(conn, row, now) for row in subscriptions.listing(conn)]


def view_subscription_changes(host: Host, actor: Actor, subscription_id: str) -> list[ChangeRow]:
    """Return what was done to a subscription, oldest first, even to one that is gone.

    Raises:
        NotAllowed: The actor is no administrator, operator or auditor.
    """
    require_role(actor, "administrator", "operator", "auditor")
    with host.database.read() as conn:
        return subscriptions.changes(conn, subscription_id)


def _view(conn: Connection, row: SubscriptionRow, now: datetime) -> SubscriptionView:
    waiting_since = history.next_at(conn, row.position)
    lag = now - waiting_since if waiting_since is not None else timedelta()
    has_old = row.old_until is not None and row.old_until > now
    return SubscriptionView(
        id=row.subscription_id,
        url=row.url,
        department=row.department,
        types=tuple(row.types),
        state=row.state,
        reason=row.reason if row.state == "paused" or row.failures else None,
        failures=row.failures,
        failing_event=row.failing_event,
        failing_since=row.failing_since,
        due_at=row.due_at,
        delivered_at=row.delivered_at,
        old_secret_until=row.old_until if has_old else None,
        lag_s=max(0, int(lag.total_seconds())),
        created_at=row.created_at,
    )


def _behind(row: SubscriptionRow) -> tuple[int, int]:
    """Return the place behind the line that failed."""
    if row.failing_position is None or row.failing_line is None:
        raise Conflict("No event of this subscription failed")
    return row.failing_position, row.failing_line + 1


def _check_reason(reason: str) -> None:
    if not 0 < len(reason.strip()) <= _LONGEST_REASON:
        raise InvalidInput("Say why, in at most 500 characters", {"reason": "Say why"})


def _check_department(conn: Connection, code: str | None) -> None:
    if code is not None and code not in {one.code for one in identity.departments(conn)}:
        raise InvalidInput(f"There is no department {code}", {"department": "No such department"})
