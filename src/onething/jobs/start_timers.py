"""Timers that start cases: one row for each timer start event of the newest deployments."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from onething.jobs.models import start_timer


@dataclass(frozen=True, slots=True)
class StartTimerRow:
    """One timer start event."""

    service: str
    process: str
    event: str
    number: int
    """The deployment that it belongs to."""
    written: str
    due_at: datetime | None
    """None when it has started all its cases."""
    remaining: int
    """Starts after the next; -1 without end."""


def start_timers_of(conn: Connection, service: str) -> list[StartTimerRow]:
    """Return the timers that start cases of a service."""
    query = select(start_timer).where(start_timer.c.service == service)
    return [StartTimerRow(*row) for row in conn.execute(query)]


def due_starts(conn: Connection, now: datetime, limit: int) -> list[StartTimerRow]:
    """Return the timers that must start a case, longest overdue first."""
    query = select(start_timer).where(start_timer.c.due_at <= now).order_by(start_timer.c.due_at)
    return [StartTimerRow(*row) for row in conn.execute(query.limit(limit))]


def replace_start_timers(conn: Connection, service: str, rows: Sequence[StartTimerRow]) -> None:
    """Let these timers, and no others, start cases of a service."""
    conn.execute(delete(start_timer).where(start_timer.c.service == service))
    if rows:
        conn.execute(insert(start_timer), [asdict(row) for row in rows])


def move_start(
    conn: Connection, row: StartTimerRow, due_at: datetime | None, remaining: int
) -> bool:
    """Move a timer on from where it stood; return False where another one was faster."""
    keys = ("service", "process", "event", "number", "due_at")
    here = [start_timer.c[key] == getattr(row, key) for key in keys]
    moved = update(start_timer).where(*here).values(due_at=due_at, remaining=remaining)
    return conn.execute(moved).rowcount == 1
