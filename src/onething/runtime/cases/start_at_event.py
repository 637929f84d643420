"""Start cases at events: at messages and signals for which a process has a start event."""

import hashlib
import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

from sqlalchemy import Connection

from onething import definitions, instances
from onething.definitions import Definition
from onething.engine import EventStart, Start
from onething.identity import Actor
from onething.runtime.cases.opening import Opening
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.turn import Receipt

Kind = Literal["message", "signal"]


def start_process(  # noqa: PLR0913 - the parts of one start
    host: Host,
    actor: Actor,
    service: str,
    process: str,
    variables: Mapping[str, Any],
    event: str | None = None,
) -> Receipt:
    """Start any process of a service's newest deployment, without an application.

    Args:
        host: The node.
        actor: Who starts it.
        service: The service's code.
        process: Id of the process.
        variables: What it begins with, JSON.
        event: Id of the start event; None takes the plain one, else the only one.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such service, process or start event.
        Conflict: The process is a drawing, or has several start events.
    """
    require_role(actor, "operator")

    def transaction(conn: Connection) -> Receipt:
        definition = host.definitions.newest(conn, service)
        start = Start(process, variables, event)
        return open_at_event(host, actor, definition, start, None, conn)

    return host.write(transaction)


def start_by_message(  # noqa: PLR0913 - the parts of one message
    host: Host,
    conn: Connection,
    actor: Actor,
    name: str,
    body: Mapping[str, Any],
    cause: str | None,
) -> Receipt | None:
    """Start the first process that begins with a message; None where there is none.

    Operators and the product's own messages start cases; others reach those that wait.
    """
    if not (actor.is_system or "operator" in actor.roles):
        return None
    for definition, start in _starts(host, conn, "message", name):
        return open_at_event(host, actor, definition, _command(start, body), cause, conn)
    return None


def start_by_signal(
    host: Host, actor: Actor, name: str, body: Mapping[str, Any], cause: str | None
) -> list[Receipt]:
    """Start every process that begins with a signal, each in its own transaction.

    With a `cause`, a repeated signal starts nothing twice.
    """
    with host.database.read() as conn:
        found = _starts(host, conn, "signal", name)
    return [
        host.write(
            partial(open_at_event, host, actor, definition, _command(start, body), cause),
        )
        for definition, start in found
    ]


def _command(start: EventStart, body: Mapping[str, Any]) -> Start:
    return Start(start.process, body, start.event)


def _starts(
    host: Host, conn: Connection, kind: Kind, name: str
) -> list[tuple[Definition, EventStart]]:
    """Return the start events of the newest deployments that catch a name."""
    found = []
    for row in definitions.newest_of_all(conn):
        definition = host.definitions.get(conn, row.service, row.number)
        process = definition.process
        starts = process.messages if kind == "message" else process.signals
        found += [(definition, one) for one in starts if one.name == name]
    return found


def open_at_event(  # noqa: PLR0913 - the parts of one start
    host: Host,
    actor: Actor,
    definition: Definition,
    start: Start,
    cause: str | None,
    conn: Connection,
) -> Receipt:
    """Open the case that an event begins; the same cause opens none twice."""
    told = f"{cause or secrets.token_hex(16)}\0{definition.name}\0{start.process_id}"
    told += f"\0{start.start_event}"
    instance_id = hashlib.sha256(told.encode()).hexdigest()[:24]
    earlier = instances.find(conn, instance_id)
    if earlier is not None:
        return Receipt(instance_id, earlier.case_no, 1, repeated=True)
    opening = Opening(host, conn, actor, definition, instance_id, "other")
    return opening.at_event(start, host.keys.digest(["query-code", instance_id])[:8].upper(), cause)
