"""Write batches."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from onething.batches.models import batch, batch_line
from onething.batches.queries import BatchRow, LineRow

_AT_ONCE = 1_000


def add(conn: Connection, row: BatchRow, found: Sequence[LineRow]) -> None:
    """Insert a batch with its lines."""
    conn.execute(insert(batch).values({name: getattr(row, name) for name in BatchRow.__slots__}))
    for begin in range(0, len(found), _AT_ONCE):
        portion = found[begin : begin + _AT_ONCE]
        names = LineRow.__slots__
        conn.execute(
            insert(batch_line), [{name: getattr(one, name) for name in names} for one in portion]
        )


def start(conn: Connection, batch_id: str, by: str, reason: str, now: datetime) -> bool:
    """Let a batch that was tried be performed; False when it is not ready."""
    query = update(batch).where(batch.c.batch_id == batch_id, batch.c.state == "ready")
    told = {"started_by": by, "started_at": now, "reason": reason}
    return conn.execute(query.values(state="running", **told)).rowcount == 1


def set_state(
    conn: Connection, batch_id: str, states: Sequence[str], to: str, ended_at: datetime | None
) -> bool:
    """Move a batch on from one of some states; False when it is in none of them."""
    query = update(batch).where(batch.c.batch_id == batch_id, batch.c.state.in_(states))
    return conn.execute(query.values(state=to, ended_at=ended_at)).rowcount == 1


def take(conn: Connection, row: BatchRow) -> LineRow | None:
    """Return the next line to look at or to perform, held until the transaction ends, or None.

    None also where somebody stopped the batch, or other workers hold the lines that are left.
    """
    state = conn.execute(select(batch.c.state).where(batch.c.batch_id == row.batch_id)).scalar()
    if state != row.state:
        return None
    query = (
        select(batch_line)
        .where(batch_line.c.batch_id == row.batch_id, batch_line.c.state == _source(row))
        .order_by(batch_line.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = conn.execute(query).first()
    return None if found is None else LineRow(*found)


def note_line(  # noqa: PLR0913 - the columns of one note
    conn: Connection, line: LineRow, state: str, code: str | None, note: str | None, now: datetime
) -> None:
    """Say what came, or would come, of a line."""
    query = update(batch_line).where(
        batch_line.c.batch_id == line.batch_id, batch_line.c.number == line.number
    )
    conn.execute(query.values(state=state, code=code, note=note, at=now))


def finish(conn: Connection, row: BatchRow, now: datetime) -> bool:
    """End the dry run or the batch once no line is left to it; False while some are."""
    left = select(batch_line.c.number).where(
        batch_line.c.batch_id == row.batch_id, batch_line.c.state == _source(row)
    )
    if conn.execute(left.limit(1)).first() is not None:
        return False
    is_dry = row.state == "looking"
    return set_state(
        conn, row.batch_id, (row.state,), "ready" if is_dry else "ended", None if is_dry else now
    )


def _source(row: BatchRow) -> str:
    return "new" if row.state == "looking" else "waiting"
