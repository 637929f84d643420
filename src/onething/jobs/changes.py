"""Write jobs and timers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, bindparam, delete, insert, or_, select, update

from onething.jobs.models import outbox, timer
from onething.jobs.queries import JobRow, TimerRow

_INSERT_JOB = insert(outbox)
_INSERT_TIMER = insert(timer)
_DELETE_TIMER = delete(timer).where(
    timer.c.instance_id == bindparam("id"), timer.c.timer == bindparam("of_timer")
)
_CANCEL = (
    update(outbox)
    .where(
        outbox.c.instance_id == bindparam("id"),
        outbox.c.token == bindparam("of_token"),
        outbox.c.state == "queued",
    )
    .values(state="cancelled", leased_until=None, leased_by=None)
)


def queue_all(conn: Connection, rows: Sequence[JobRow]) -> None:
    """Insert outbox rows that a step made."""
    if rows:
        names = JobRow.__slots__
        conn.execute(_INSERT_JOB, [{name: getattr(row, name) for name in names} for row in rows])


def cancel_at(conn: Connection, instance_id: str, tokens: Sequence[str]) -> None:
    """Cancel what is still queued for tokens that are gone."""
    if tokens:
        conn.execute(_CANCEL, [{"id": instance_id, "of_token": token} for token in tokens])


def set_timers(conn: Connection, rows: Sequence[TimerRow]) -> None:
    """Insert timers that a step set."""
    if rows:
        names = TimerRow.__slots__
        conn.execute(_INSERT_TIMER, [{name: getattr(row, name) for name in names} for row in rows])


def clear_timers(conn: Connection, instance_id: str, timers: Sequence[str]) -> None:
    """Delete timers that a step cleared."""
    if timers:
        conn.execute(_DELETE_TIMER, [{"id": instance_id, "of_timer": one} for one in timers])


def lease(
    conn: Connection, worker: str, now: datetime, until: datetime, limit: int
) -> list[JobRow]:
    """Take jobs that are due and held by nobody, at most `limit`, for one worker."""
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    query = (
        select(outbox)
        .where(outbox.c.state == "queued", outbox.c.due_at <= now, free)
        .order_by(outbox.c.due_at, outbox.c.instance_id, outbox.c.effect_key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = [JobRow(*row) for row in conn.execute(query)]
    for row in rows:
        conn.execute(_of(row).values(leased_by=worker, leased_until=until))
    return rows


def keep_answer(conn: Connection, row: JobRow, answer: bytes) -> None:
    """Store a department's answer before it is applied."""
    conn.execute(_of(row).values(answer=answer))


def finish(conn: Connection, row: JobRow, state: str = "done", error: str | None = None) -> None:
    """Close an outbox row as done, failed or cancelled."""
    conn.execute(_of(row).values(state=state, error=error, leased_until=None, leased_by=None))


def put_off(conn: Connection, row: JobRow, now: datetime, wait: timedelta, error: str) -> None:
    """Queue a failed attempt again after a wait."""
    conn.execute(
        _of(row).values(
            attempts=row.attempts + 1,
            due_at=now + wait,
            error=error,
            leased_until=None,
            leased_by=None,
        )
    )


def queue_again(conn: Connection, row: JobRow, now: datetime, payload: bytes | None = None) -> None:
    """Queue a failed job again from its first attempt, with a mended payload if given."""
    conn.execute(
        _of(row).values(
            state="queued",
            attempts=0,
            due_at=now,
            error=None,
            answer=None,
            payload=row.payload if payload is None else payload,
            leased_until=None,
            leased_by=None,
        )
    )


def _of(row: JobRow) -> Update:
    return update(outbox).where(
        outbox.c.instance_id == row.instance_id, outbox.c.effect_key == row.effect_key
    )
