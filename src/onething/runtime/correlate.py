"""Correlate a message, broadcast a signal: each receiver gets its own event."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from onething import instances, messages
from onething.engine import Correlate
from onething.errors import InvalidInput, KeyReused
from onething.feel.json import canonical
from onething.identity import Actor
from onething.messages import EarlyMessage, KeyedMessage, SubscriptionRow
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.turn import Receipt, Turn

MAX_NAME = 200


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
    """Deliver a message to the one instance that waits for it.

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
        The receiver's receipt, or None when nobody waits and the message is kept or dropped.
    """
    require_role(actor, "operator", "clerk", "supervisor")
    if not name or len(name) > MAX_NAME:
        raise InvalidInput("A message needs a name of at most 200 characters")
    body = dict(payload or {})

    told = {"name": name, "key": correlation_key, "payload": body}

    def transaction(conn: Connection) -> Receipt | None:
        earlier = _earlier(host, conn, actor, key, told)
        if earlier is not None:
            return _answered_again(conn, earlier)
        found = messages.waiting(conn, "message", name, correlation_key, instance_id)
        receipt = _deliver(host, conn, actor, found[0], body, cause) if found else None
        if receipt is None and keep_for > timedelta(0):
            _keep(host, conn, name, correlation_key, body, keep_for, key)
        _note_key(host, conn, actor, key, told, receipt)
        return receipt

    return host.database.write(transaction)


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


def broadcast(
    host: Host, actor: Actor, name: str, payload: Mapping[str, Any] | None = None
) -> list[Receipt]:
    """Deliver a signal to every instance that waits for it, each in its own transaction."""
    require_role(actor, "operator")
    body = dict(payload or {})
    with host.database.read() as conn:
        found = messages.waiting(conn, "signal", name)
    receipts = (host.database.write(partial(_if_waiting, host, actor, one, body)) for one in found)
    return [receipt for receipt in receipts if receipt is not None]


def _if_waiting(
    host: Host, actor: Actor, one: SubscriptionRow, body: dict[str, Any], conn: Connection
) -> Receipt | None:
    still = messages.waiting(conn, one.kind, one.name, one.key, one.instance_id)
    if one not in still:
        return None
    return _deliver(host, conn, actor, one, body)


def _deliver(  # noqa: PLR0913 - the parts of one delivery
    host: Host,
    conn: Connection,
    actor: Actor,
    to: SubscriptionRow,
    body: dict[str, Any],
    cause: str | None = None,
) -> Receipt:
    turn = Turn.on(host, conn, actor, to.instance_id)
    kind = "MessageCorrelated" if to.kind == "message" else "SignalReceived"
    note = {"name": to.name, "activity": to.activity} | ({"cause": cause} if cause else {})
    command = Correlate(to.subscription, body)
    return turn.step(kind, command, note=note)[1]


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
