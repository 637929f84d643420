"""Read and write nodes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Update, bindparam, delete, insert, select, update

from onething.errors import NotFound
from onething.nodes.models import node

BEATS_MISSED = 4
"""A node that has missed so many beats counts as dead."""


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One process of the site."""

    name: str
    kind: str
    """web or worker."""
    run: str
    version: str
    address: str
    pid: int
    started_at: datetime
    beat_at: datetime
    beats: int = 0
    stopped_at: datetime | None = None

    def is_alive(self, now: datetime, beat_seconds: int) -> bool:
        """Whether it has beaten lately, by the clock of whoever looks."""
        silent = now - self.beat_at
        return self.stopped_at is None and silent < timedelta(seconds=beat_seconds * BEATS_MISSED)


_OF = (node.c.name == bindparam("of"), node.c.run == bindparam("in_run"))
_BEAT = update(node).where(*_OF).values(beat_at=bindparam("at"), beats=node.c.beats + 1)
_STOP = update(node).where(*_OF).values(beat_at=bindparam("at"), stopped_at=bindparam("at"))


def get(conn: Connection, name: str) -> NodeRow:
    """Return one node; raise NotFound when there is none."""
    row = conn.execute(select(node).where(node.c.name == name)).first()
    if row is None:
        raise NotFound(f"No node {name}")
    return NodeRow(*row)


def listing(conn: Connection, kinds: Sequence[str] = ("web", "worker")) -> list[NodeRow]:
    """Return nodes by kind and name."""
    query = select(node).where(node.c.kind.in_(kinds)).order_by(node.c.kind, node.c.name)
    return [NodeRow(*row) for row in conn.execute(query)]


def join(conn: Connection, row: NodeRow, instead_of: str | None = None) -> bool:
    """Enter a node; False when its name is another run's.

    Args:
        conn: The connection.
        row: The node, newly started.
        instead_of: The run whose place it takes; None where the name should be free.
    """
    values: dict[str, Any] = {one.name: getattr(row, one.name) for one in fields(row)}
    found = conn.execute(select(node.c.run).where(node.c.name == row.name).with_for_update())
    held_by = found.scalar()
    if held_by is None:
        conn.execute(insert(node).values(values))
        return True
    if held_by not in (row.run, instead_of):
        return False
    conn.execute(update(node).where(node.c.name == row.name).values(values))
    return True


def beat(conn: Connection, name: str, run: str, now: datetime) -> bool:
    """Note that a node lives; False when its name is another run's by now."""
    return _told(conn, _BEAT, name, run, now)


def stop(conn: Connection, name: str, run: str, now: datetime) -> bool:
    """Note that a node has ended as it was asked to; False when its name is another run's."""
    return _told(conn, _STOP, name, run, now)


def forget(conn: Connection, before: datetime) -> int:
    """Delete nodes that were last alive before an instant; return how many."""
    return conn.execute(delete(node).where(node.c.beat_at < before)).rowcount


def _told(conn: Connection, statement: Update, name: str, run: str, now: datetime) -> bool:
    return conn.execute(statement, {"of": name, "in_run": run, "at": now}).rowcount == 1
