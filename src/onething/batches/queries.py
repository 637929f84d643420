"""Read batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from onething.batches.models import batch, batch_line
from onething.errors import NotFound

KINDS = ("retry", "migrate", "suspend", "resume", "cancel")
OPEN = ("looking", "running")
"""States in which the worker has something to do."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch."""

    batch_id: str
    kind: str
    state: str
    total: int
    criteria: dict[str, Any]
    options: dict[str, Any]
    undo_of: str | None
    created_by: str
    created_at: datetime
    reason: str | None = None
    started_by: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the worker has something to do."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class LineRow:
    """One case of a batch."""

    batch_id: str
    number: int
    instance_id: str
    case_no: str
    target: str
    state: str = "new"
    code: str | None = None
    note: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many lines of a batch are in which state."""

    new: int = 0
    waiting: int = 0
    refused: int = 0
    done: int = 0
    failed: int = 0

    @property
    def looked_at(self) -> int:
        """Lines that the dry run has looked at."""
        return self.waiting + self.refused + self.done + self.failed

    @property
    def settled(self) -> int:
        """Lines that were performed, well or not."""
        return self.done + self.failed

    @property
    def to_do(self) -> int:
        """Lines that are performed in the end, if nobody stops the batch."""
        return self.waiting + self.settled


def find(conn: Connection, batch_id: str) -> BatchRow | None:
    """Return one batch, or None."""
    row = conn.execute(select(batch).where(batch.c.batch_id == batch_id)).first()
    return None if row is None else BatchRow(*row)


def get(conn: Connection, batch_id: str) -> BatchRow:
    """Return one batch; raise NotFound when there is none."""
    row = find(conn, batch_id)
    if row is None:
        raise NotFound(f"No batch {batch_id}")
    return row


def listing(conn: Connection, limit: int = 50, before: str | None = None) -> list[BatchRow]:
    """Return batches, newest first, beginning behind one."""
    query = select(batch).order_by(batch.c.created_at.desc(), batch.c.batch_id.desc())
    if before is not None:
        last = get(conn, before)
        is_older = batch.c.created_at < last.created_at
        is_behind = (batch.c.created_at == last.created_at) & (batch.c.batch_id < last.batch_id)
        query = query.where(is_older | is_behind)
    return [BatchRow(*row) for row in conn.execute(query.limit(limit))]


def open_batches(conn: Connection) -> list[BatchRow]:
    """Return the batches in which the worker has something to do, oldest first."""
    query = select(batch).where(batch.c.state.in_(OPEN)).order_by(batch.c.created_at)
    return [BatchRow(*row) for row in conn.execute(query)]


def counts(conn: Connection, batch_id: str) -> Counts:
    """Return how many lines are in which state."""
    query = select(batch_line.c.state, func.count()).where(batch_line.c.batch_id == batch_id)
    rows = conn.execute(query.group_by(batch_line.c.state))
    return Counts(**{row[0]: row[1] for row in rows})


def lines(
    conn: Connection, batch_id: str, *, state: str | None = None, after: int = 0, limit: int = 50
) -> list[LineRow]:
    """Return lines of a batch in order, beginning behind a number."""
    query = select(batch_line).where(batch_line.c.batch_id == batch_id, batch_line.c.number > after)
    if state is not None:
        query = query.where(batch_line.c.state == state)
    return [LineRow(*row) for row in conn.execute(query.order_by(batch_line.c.number).limit(limit))]


def every_line(conn: Connection, batch_id: str, at_once: int = 1_000) -> Iterator[LineRow]:
    """Yield all lines of a batch in order, read in portions."""
    last = 0
    while found := lines(conn, batch_id, after=last, limit=at_once):
        yield from found
        last = found[-1].number
