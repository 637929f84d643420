"""Keep the record of a node: it joins, beats while it lives, and stops."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from onething import __version__, nodes
from onething.errors import NotFound
from onething.identity import Actor
from onething.nodes import NodeRow
from onething.runtime.host import Host
from onething.runtime.permissions import require_role

KEPT = timedelta(days=7)
"""So long a node that is gone stays in the list."""


@dataclass(frozen=True, slots=True)
class Node:
    """Who this process is among the processes of the site."""

    name: str
    """The same after each restart."""
    kind: str
    """web or worker."""
    address: str
    run: str = field(default_factory=lambda: secrets.token_hex(8))
    """Drawn at each start."""


def enter_node(host: Host, node: Node, instead_of: str | None = None) -> bool:
    """Enter a process under its name; False when another run holds it.

    Args:
        host: The node.
        node: Who joins.
        instead_of: The run whose place it takes, because that one is dead.
    """
    now = host.clock()
    row = NodeRow(
        name=node.name,
        kind=node.kind,
        run=node.run,
        version=__version__,
        address=node.address,
        pid=os.getpid(),
        started_at=now,
        beat_at=now,
    )
    return host.write(lambda conn: nodes.join(conn, row, instead_of))


def beat_node(host: Host, node: Node) -> bool:
    """Note that a node lives; False when another run has taken its name.

    Nodes that have been gone for long leave the list on the way.
    """
    now = host.clock()

    def transaction(conn: Connection) -> bool:
        nodes.forget(conn, now - KEPT)
        return nodes.beat(conn, node.name, node.run, now)

    return host.write(transaction)


def stop_node(host: Host, node: Node) -> bool:
    """Note that a node has ended as it was asked to."""
    now = host.clock()
    return host.write(lambda conn: nodes.stop(conn, node.name, node.run, now))


def find_node(host: Host, name: str) -> NodeRow | None:
    """Return the record of a name, or None."""
    with host.database.read() as conn:
        try:
            return nodes.get(conn, name)
        except NotFound:
            return None


def watch_nodes(host: Host, kinds: Sequence[str] = ("web", "worker")) -> list[NodeRow]:
    """Return the nodes of the site by kind and name, for machines."""
    with host.database.read() as conn:
        return nodes.listing(conn, kinds)


def list_nodes(host: Host, actor: Actor) -> list[NodeRow]:
    """Return the nodes of the site by kind and name, those that are gone among them.

    `row.is_alive(host.clock(), host.settings.beat_seconds)` says whether one has beaten lately.

    Raises:
        NotAllowed: The person is neither operator nor auditor.
    """
    require_role(actor, "operator", "auditor")
    return watch_nodes(host)
