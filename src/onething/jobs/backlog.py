"""How much work for machines waits, and for how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from onething.jobs.models import outbox, timer

_COUNTED = ("queued", "relayed", "awaiting", "failed")


@dataclass(frozen=True, slots=True)
class Backlog:
    """The outbox and the timers at one instant."""

    queued: int
    """Jobs that wait, whether they are due or not."""
    relayed: int
    """Jobs that are handed over to the workers."""
    awaiting: int
    """Calls that a department has taken and not answered yet."""
    failed: int
    """Jobs that gave up; each has an incident."""
    jobs_lag: timedelta
    """How long the job that is overdue longest is overdue."""
    timers_due: int
    """Timers that are due and not fired."""
    timers_lag: timedelta
    """How long the timer that is overdue longest is overdue."""


def backlog(conn: Connection, now: datetime) -> Backlog:
    """Measure what waits, by the indexes alone: finished jobs and timers of later are not read."""
    counted = select(outbox.c.state, func.count()).where(outbox.c.state.in_(_COUNTED))
    found = conn.execute(counted.group_by(outbox.c.state))
    states: dict[str, int] = {row[0]: row[1] for row in found}
    next_job = select(func.min(outbox.c.due_at)).where(outbox.c.state == "queued")
    due = select(func.count(), func.min(timer.c.due_at)).where(
        timer.c.suspended == 0, timer.c.due_at <= now
    )
    timers_due, next_timer = conn.execute(due).one()
    return Backlog(
        queued=states.get("queued", 0),
        relayed=states.get("relayed", 0),
        awaiting=states.get("awaiting", 0),
        failed=states.get("failed", 0),
        jobs_lag=_lag(conn.execute(next_job).scalar(), now),
        timers_due=timers_due,
        timers_lag=_lag(next_timer, now),
    )


def _lag(due_at: datetime | None, now: datetime) -> timedelta:
    return max(now - due_at, timedelta(0)) if due_at is not None else timedelta(0)
