"""Correlate a message, broadcast a signal: each receiver gets its own event."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from onething import cases, instances, messages
from onething.engine import Correlate
from onething.errors import InvalidInput, KeyReused
from onething.feel.json import canonical, parse
from onething.identity import SYSTEM, Actor
from onething.messages import EarlyMessage, HeldMessage, KeyedMessage, SubscriptionRow
from onething.runtime.cases.start_at_event import start_by_message, start_by_signal
from onething.runtime.host import Host
from onething.runtime.permissions import require_role, sees_case
from onething.runtime.turn import Receipt, Turn, require_key

MAX_NAME = 200
KEPT_AFTER_RESUMING = timedelta(days=30)
"""So long a message is kept on whose receiver waits for it no more when it is resumed."""


def correlate(  # noqa: PLR0913 - the parts of one message
    host: Host,
    actor: Actor,
    name: str,
    *,
    correlation_key: str | None = None,
    payload: Mapping[str, Any] | None = None,
    instance_id: str | None = None,
    keep_for: timedelta = timedelta(0),
    key: str | None = None,
    cause: str | None = None,
) -> Receipt | None:
    """Deliver a message to the one instance that waits for it, else start the process it begins.

    Args:
        host: The node.
        actor: Who sends it.
        name: The message's name in the diagram.
        correlation_key: What the subscription's key must equal.
        payload: Variables for the receiver.
        instance_id: Deliver to this instance only.
        keep_for: So long an early message waits for a subscription.
        key: Idempotency key.
        cause: The event that threw it, `<instance>@<sequence>`, where an instance did.

    Returns:
        The receiver's receipt, or None when nobody waits and the message is kept or dropped, or
        when the receiver is suspended: the message is kept for it until it is resumed.
    """
    require_role(actor, "operator", "clerk", "supervisor")
    if not name or len(name) > MAX_NAME:
        raise InvalidInput("A message needs a name of at most 200 characters")
    require_key(key)
    body = dict(payload or {})
    told = {"name": name, "key": correlation_key, "payload": body}

    def transaction(conn: Connection) -> Receipt | None:
        earlier = _earlier(host, conn, actor, key, told)
        if earlier is not None:
            return _answered_again(conn, earlier)
        found = messages.waiting(conn, "message", name, correlation_key, instance_id)
        receipt, is_held = _to_first(host, conn, actor, found, body, cause)
        if receipt is None and not is_held and instance_id is None:
            receipt = start_by_message(host, conn, actor, name, body, cause)
        if receipt is None and not is_held and keep_for > timedelta(0):
            _keep(host, conn, name, correlation_key, body, keep_for, key)
        _note_key(host, conn, actor, key, told, receipt)
        return receipt

    return host.write(transaction)


def deliver_kept(host: Host, limit: int = 100) -> int:
    """Deliver kept messages that somebody waits for by now; return how many.

    A wait that begins takes its kept message itself. Where message and wait came at the very
    same instant, neither saw the other: this closes the gap. What came for an instance while it
    was suspended is delivered here once it is resumed.
    """
    with host.database.read() as conn:
        pairs = messages.kept_for_waiting(conn, host.clock(), limit)
        held = messages.ready(conn, host.clock(), limit)
    count = sum(host.write(partial(_hand_over, host, one, to)) for one, to in pairs)
    return count + sum(host.write(partial(_deliver_held, host, one)) for one in held)


def _hand_over(host: Host, kept: EarlyMessage, to: SubscriptionRow, conn: Connection) -> bool:
    turn = Turn.on(host, conn, SYSTEM, to.instance_id)
    if not messages.is_waiting(conn, to) or not messages.drop_early(conn, kept.message_id):
        return False
    body = parse(host.keys.open(kept.payload))
    if turn.row.is_suspended:
        _hold(turn, to, body, None)
        return False
    _tell(turn, to, body)
    return True


def _hold(turn: Turn, to: SubscriptionRow, body: dict[str, Any], cause: str | None) -> None:
    """Keep a message or signal for a suspended instance until it is resumed."""
    told = [to.kind, to.name, to.subscription, body, cause or turn.now.isoformat()]
    held = HeldMessage(
        instance_id=to.instance_id,
        message_id=hashlib.sha256(canonical(told)).hexdigest()[:32],
        subscription=to.subscription,
        kind=to.kind,
        name=to.name,
        key=to.key,
        activity=to.activity,
        payload=turn.seal.close(body),
        cause=cause,
        received_at=turn.now,
    )
    messages.hold(turn.conn, held)


def _deliver_held(host: Host, held: HeldMessage, conn: Connection) -> bool:
    """Deliver what came for a suspended instance; where the wait is over, a message is kept on."""
    turn = Turn.on(host, conn, SYSTEM, held.instance_id)
    if turn.row.is_suspended:
        messages.let_go(conn, held.instance_id, None)
        return False
    if not messages.drop_held(conn, held):
        return False
    body = turn.seal.open(held.payload)
    if turn.row.is_live and messages.is_waiting(conn, held.place):
        key = _signal_key(held.cause, held.place) if held.kind == "signal" else None
        _tell(turn, held.place, body, held.cause, key)
        return True
    if held.kind == "message":
        _keep(host, conn, held.name, held.key, body, KEPT_AFTER_RESUMING, held.message_id)
    return False


def _to_first(  # noqa: PLR0913 - the parts of one delivery
    host: Host,
    conn: Connection,
    actor: Actor,
    found: Sequence[SubscriptionRow],
    body: dict[str, Any],
    cause: str | None,
) -> tuple[Receipt | None, bool]:
    """Deliver to the first that still waits once its instance is locked, or keep it for that one.

    Clerks reach the cases of their own post only; others do not exist for them.
    """
    for one in found:
        if not _may_reach(conn, actor, one.instance_id):
            continue
        turn = Turn.on(host, conn, actor, one.instance_id)
        if messages.is_waiting(conn, one):
            if turn.row.is_suspended:
                _hold(turn, one, body, cause)
                return None, True
            return _tell(turn, one, body, cause), False
    return None, False


def _may_reach(conn: Connection, actor: Actor, instance_id: str) -> bool:
    if actor.is_system or "operator" in actor.roles:
        return True
    return sees_case(actor, conn, cases.of_instance(conn, instance_id))


def _earlier(
    host: Host, conn: Connection, actor: Actor, key: str | None, told: dict[str, Any]
) -> KeyedMessage | None:
    """Return what became of the same message before; raise KeyReused for another one."""
    earlier = messages.sent_under(conn, f"{actor.user}:{key}") if key is not None else None
    if earlier is not None and earlier.request != host.keys.digest(told):
        raise KeyReused
    return earlier


def _answered_again(conn: Connection, earlier: KeyedMessage) -> Receipt | None:
    if earlier.instance_id is None or earlier.sequence is None:
        return None
    case_no = instances.get(conn, earlier.instance_id).case_no
    return Receipt(earlier.instance_id, case_no, earlier.sequence, repeated=True)


def _note_key(  # noqa: PLR0913 - the parts of one message
    host: Host,
    conn: Connection,
    actor: Actor,
    key: str | None,
    told: dict[str, Any],
    receipt: Receipt | None,
) -> None:
    if key is None:
        return
    noted = KeyedMessage(
        key=f"{actor.user}:{key}",
        request=host.keys.digest(told),
        instance_id=receipt.instance_id if receipt else None,
        sequence=receipt.sequence if receipt else None,
        received_at=host.clock(),
    )
    messages.note_key(conn, noted)


def broadcast(  # noqa: PLR0913 - the parts of one signal
    host: Host,
    actor: Actor,
    name: str,
    payload: Mapping[str, Any] | None = None,
    cause: str | None = None,
    thrower: str | None = None,
) -> list[Receipt]:
    """Deliver a signal to all that wait for it and start what it begins, each by itself.

    With a `cause`, a repeated broadcast reaches nobody twice. An instance that throws a signal
    catches it in the same step: as the `thrower` it is left out here.
    """
    require_role(actor, "operator")
    body = dict(payload or {})
    with host.database.read() as conn:
        found = messages.waiting(conn, "signal", name)
    others = [one for one in found if one.instance_id != thrower]
    receipts = [host.write(partial(_signal, host, actor, one, body, cause)) for one in others]
    told = [receipt for receipt in receipts if receipt is not None]
    return told + start_by_signal(host, actor, name, body, cause)


def _signal(  # noqa: PLR0913 - the parts of one delivery
    host: Host,
    actor: Actor,
    to: SubscriptionRow,
    body: dict[str, Any],
    cause: str | None,
    conn: Connection,
) -> Receipt | None:
    turn = Turn.on(host, conn, actor, to.instance_id)
    key = _signal_key(cause, to)
    earlier = turn.repeated(key, body)
    if earlier is not None or not messages.is_waiting(conn, to):
        return earlier
    if turn.row.is_suspended:
        _hold(turn, to, body, cause)
        return None
    return _tell(turn, to, body, cause, key)


def _signal_key(cause: str | None, to: SubscriptionRow) -> str | None:
    return f"signal {cause} {to.subscription}" if cause else None


def _tell(
    turn: Turn,
    to: SubscriptionRow,
    body: dict[str, Any],
    cause: str | None = None,
    key: str | None = None,
) -> Receipt:
    kind = "MessageCorrelated" if to.kind == "message" else "SignalReceived"
    note = {"name": to.name, "activity": to.activity} | ({"cause": cause} if cause else {})
    command = Correlate(to.subscription, body)
    return turn.step(kind, command, note=note, key=key, request=body)[1]


def _keep(  # noqa: PLR0913 - the columns of one kept message
    host: Host,
    conn: Connection,
    name: str,
    correlation_key: str | None,
    body: dict[str, Any],
    keep_for: timedelta,
    key: str | None,
) -> None:
    now = host.clock()
    told = [name, correlation_key, body, key or now.isoformat()]
    message = EarlyMessage(
        message_id=hashlib.sha256(canonical(told)).hexdigest()[:32],
        name=name,
        key=correlation_key,
        payload=host.keys.seal(canonical(body)),
        received_at=now,
        expires_at=now + keep_for,
    )
    messages.keep_early(conn, message)
