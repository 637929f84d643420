"""Deliver events to subscriptions: in order, at least once, one node at a time.

A subscription stands behind the last event that its receiver took. Whoever leases it sends
what follows and moves it on after each 2xx; a crash between the two sends that event again
under the same id. Nothing is sent without a lease that outlives the call.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import orjson
import structlog
from sqlalchemy import Connection

from onething import history, metrics, subscriptions
from onething.connectors import Delivery, WebhookSender
from onething.connectors.webhook import Line
from onething.errors import HistoryBroken, InvalidInput
from onething.identity import SYSTEM_USER
from onething.runtime.exchange.subscribe import destinations
from onething.runtime.exchange.view_feed import FeedEvent, Window
from onething.runtime.host import Host
from onething.subscriptions import SubscriptionRow

BATCH = 100
"""Events of history looked at together."""
TURN = timedelta(seconds=10)
"""So long one subscription is served before the others have their turn."""
MOST_REFUSALS = 5
"""So often a receiver may refuse one event before a person must look."""
UNSIGNED = "its secret does not open; give it a new one, then resume it"
"""Why a subscription was paused whose secret is damaged or sealed under another key."""
_MARGIN = timedelta(seconds=5)
_log = structlog.get_logger()

Place = tuple[int, int]
"""Position of the last event that is done, and lines of the next one that are."""


def sender(host: Host) -> WebhookSender:
    """Return what makes the calls of this site."""
    return WebhookSender(destinations(host), host.settings.webhook_timeout_s)


@dataclass(frozen=True, slots=True)
class Leased:
    """A subscription that one owner serves now."""

    row: SubscriptionRow
    owner: str
    until: int
    """Position up to which it may be served: nothing can be written before it any more."""


def lease_subscription(host: Host, owner: str) -> Leased | None:
    """Take a subscription that is due; None where none is.

    Writers of history are waited for only when there is something to deliver.
    """
    now = host.clock()
    with host.database.read() as conn:
        if not subscriptions.due(conn, history.newest(conn), now):
            return None

    def command(conn: Connection) -> Leased | None:
        until = history.horizon(conn)
        row = subscriptions.lease(conn, owner, until, now, now + _lease(host))
        return None if row is None else Leased(row, owner, until)

    return host.write(command)


def deliver(
    host: Host, calls: WebhookSender, leased: Leased, is_over: Callable[[], bool] = lambda: False
) -> int:
    """Serve a leased subscription; return how many events were received.

    Args:
        host: The node.
        calls: Makes the calls.
        leased: Whom to serve, and up to where.
        is_over: Asked between two events; true ends the turn early.
    """
    try:
        secrets = list(_secrets(host, leased.row))
    except HistoryBroken:
        _pause_unsigned(host, leased.row)
        return 0
    return _Serving(host, calls, leased, secrets, is_over).run()


def deliver_due(host: Host, calls: WebhookSender, owner: str) -> int:
    """Serve every subscription that is due, one after the other; return the received events."""
    received = 0
    while (leased := lease_subscription(host, owner)) is not None:
        received += deliver(host, calls, leased)
    return received


def _lease(host: Host) -> timedelta:
    return timedelta(seconds=host.settings.webhook_timeout_s) + _MARGIN


@dataclass(frozen=True, slots=True)
class _Stride:
    """One line to deliver, or the end of an event of history."""

    before: Place
    after: Place
    event: FeedEvent | None


class _Serving:
    """One subscription's turn."""

    def __init__(
        self,
        host: Host,
        calls: WebhookSender,
        leased: Leased,
        secrets: list[str],
        is_over: Callable[[], bool],
    ) -> None:
        self._host = host
        self._calls = calls
        self._row = leased.row
        self._owner = leased.owner
        self._until = leased.until
        self._secrets = secrets
        self._place: Place = (leased.row.position, leased.row.line)
        self._received = 0
        self._is_told_to_end = is_over
        self._ends_at = host.clock() + TURN

    def run(self) -> int:
        with self._calls.to(self._row.url) as line:
            while self._place[0] < self._until and not self._is_over:
                if not self._batch(line):
                    return self._received
        now, name = self._host.clock(), self._row.subscription_id
        self._host.write(lambda conn: subscriptions.release(conn, name, self._owner, now))
        return self._received

    @property
    def _is_over(self) -> bool:
        return self._is_told_to_end() or self._host.clock() >= self._ends_at

    def _batch(self, line: Line) -> bool:
        """Deliver what follows, at most a batch; say whether to go on."""
        is_written = True
        for one in list(self._strides()):
            if one.event is not None:
                outcome = self._send(line, one.event)
                if outcome.result != "delivered":
                    self._defer(one.event, one.before, outcome)
                    return False
                self._received += 1
            self._place, is_written = one.after, one.event is not None
            if one.event is not None and not self._advance(is_delivered=True):
                return False
            if self._is_over:
                break
        return is_written or self._advance(is_delivered=False)

    def _strides(self) -> Iterator[_Stride]:
        """Yield what follows the place, up to the position that is safe to read."""
        done, lines = self._place
        with self._host.database.read() as conn:
            window = Window(conn, self._row.department)
            for position, event in history.read_all(conn, done, BATCH, self._until):
                for at, line in window.numbered(event):
                    if at >= lines and (not self._row.types or line.type in self._row.types):
                        yield _Stride((done, at), (done, at + 1), line)
                yield _Stride((done, lines), (position, 0), None)
                done, lines = position, 0

    def _send(self, line: Line, event: FeedEvent) -> Delivery:
        now = self._host.clock()
        try:
            outcome = line.send(event.id, int(now.timestamp()), _body(event), self._secrets)
        except InvalidInput as error:
            outcome = Delivery("gone", error.message)
        metrics.webhook(outcome.result)
        return outcome

    def _advance(self, *, is_delivered: bool) -> bool:
        """Write the place down and hold on to the lease; say whether it was still ours."""
        now = self._host.clock()
        return self._host.write(
            lambda conn: subscriptions.advance(
                conn,
                self._row.subscription_id,
                self._owner,
                self._place,
                now + _lease(self._host),
                now if is_delivered else None,
            )
        )

    def _defer(self, event: FeedEvent, place: Place, outcome: Delivery) -> None:
        """Put the event off, or pause the subscription when trying again is in vain."""
        now, name = self._host.clock(), self._row.subscription_id

        def command(conn: Connection) -> str:
            row = subscriptions.get(conn, name)
            wait = self._wait(row.failures if row.failing_event == event.id else 0)
            if not subscriptions.defer(
                conn,
                row,
                self._owner,
                event=(event.id, *place),
                now=now,
                due_at=now + wait,
                reason=outcome.told,
            ):
                return "lost"
            row = subscriptions.get(conn, name)
            why = self._in_vain(row, outcome, now)
            if why is None or row.state != "active":
                return "deferred"
            subscriptions.pause(conn, name, why)
            detail = {"reason": why, "event": event.id}
            subscriptions.note(conn, SYSTEM_USER, now, "GaveUp", name, detail)
            return "paused"

        became = self._host.write(command)
        _log.warning(
            "webhook not received",
            subscription=name,
            event_id=event.id,
            case_no=event.case_no,
            told=outcome.told,
            became=became,
        )

    def _wait(self, failures: int) -> timedelta:
        # Past the cap the power would only grow beyond what a timedelta holds.
        seconds = self._host.settings.retry_wait_s * 2 ** min(failures, 20)
        return min(timedelta(seconds=seconds), subscriptions.LONGEST_WAIT)

    def _in_vain(self, row: SubscriptionRow, outcome: Delivery, now: datetime) -> str | None:
        if outcome.result == "gone":
            return outcome.told
        if outcome.result == "refused" and row.failures >= MOST_REFUSALS:
            return f"{outcome.told} {row.failures} times"
        hours = self._host.settings.webhook_pause_hours
        if row.failing_since is not None and now - row.failing_since >= timedelta(hours=hours):
            return f"{outcome.told}; not received for {hours} hours"
        return None


def _secrets(host: Host, row: SubscriptionRow) -> Iterator[str]:
    """Yield the secrets that sign now, the newest first; an old one only if it opens.

    Raises:
        HistoryBroken: The newest does not open with this site's master key.
    """
    yield host.keys.open(row.secret).decode()
    if row.old_secret is not None and row.old_until is not None and row.old_until > host.clock():
        with suppress(HistoryBroken):
            yield host.keys.open(row.old_secret).decode()


def _pause_unsigned(host: Host, row: SubscriptionRow) -> None:
    """Pause a subscription whose events nobody can sign, until it is given a new secret."""
    name, now = row.subscription_id, host.clock()

    def command(conn: Connection) -> None:
        subscriptions.pause(conn, name, UNSIGNED)
        subscriptions.note(conn, SYSTEM_USER, now, "GaveUp", name, {"reason": UNSIGNED})

    host.write(command)
    _log.error("a subscription's secret does not open", subscription=name)


def _body(event: FeedEvent) -> bytes:
    return orjson.dumps(asdict(event))
