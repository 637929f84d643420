"""Write jobs and timers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from onething import db
from onething.jobs.models import outbox, timer
from onething.jobs.queries import JobRow, TimerRow

UNANSWERED = ("queued", "awaiting", "suspended", "failed")
"""States of a job that an answer may still reach."""
_INSERT_JOB = insert(outbox)
_INSERT_TIMER = insert(timer)
_DELETE_TIMER = delete(timer).where(
    timer.c.instance_id == bindparam("id"), timer.c.timer == bindparam("of_timer")
)
_MOVE_TIMER = (
    update(timer)
    .where(timer.c.instance_id == bindparam("id"), timer.c.timer == bindparam("of_timer"))
    .values(activity=bindparam("at"))
)
_REDATE_TIMER = (
    update(timer)
    .where(timer.c.instance_id == bindparam("id"), timer.c.timer == bindparam("of_timer"))
    .values(due_at=bindparam("at"), provisional=bindparam("unsure"))
)
_CANCEL = (
    update(outbox)
    .where(
        outbox.c.instance_id == bindparam("id"),
        outbox.c.token == bindparam("of_token"),
        outbox.c.state.in_(UNANSWERED),
    )
    .values(state="cancelled", leased_until=None, leased_by=None)
)


def queue_all(conn: Connection, rows: Sequence[JobRow]) -> None:
    """Insert outbox rows that a step made."""
    if rows:
        names = JobRow.__slots__
        db.write(conn, _INSERT_JOB, [{name: getattr(row, name) for name in names} for row in rows])


def cancel_at(conn: Connection, instance_id: str, tokens: Sequence[str]) -> None:
    """Cancel what is queued, suspended or has failed for tokens that are gone."""
    if tokens:
        db.write(conn, _CANCEL, [{"id": instance_id, "of_token": token} for token in tokens])


def set_timers(conn: Connection, rows: Sequence[TimerRow]) -> None:
    """Insert timers that a step set."""
    if rows:
        names = TimerRow.__slots__
        db.write(
            conn, _INSERT_TIMER, [{name: getattr(row, name) for name in names} for row in rows]
        )


def clear_timers(conn: Connection, instance_id: str, timers: Sequence[str]) -> None:
    """Delete timers that a step cleared."""
    if timers:
        db.write(conn, _DELETE_TIMER, [{"id": instance_id, "of_timer": one} for one in timers])


def redate_timers(conn: Connection, rows: Sequence[TimerRow]) -> None:
    """Let running timers be due when their rows say."""
    if rows:
        keys = [{"id": one.instance_id, "of_timer": one.timer} for one in rows]
        news = [{"at": one.due_at, "unsure": one.provisional} for one in rows]
        db.write(conn, _REDATE_TIMER, [key | new for key, new in zip(keys, news, strict=True)])


def move_timers(conn: Connection, instance_id: str, activities: Mapping[str, str]) -> None:
    """Let timers stand at their nodes of another version; when they are due stays."""
    if activities:
        rows = [{"id": instance_id, "of_timer": one, "at": at} for one, at in activities.items()]
        db.write(conn, _MOVE_TIMER, rows)


def readdress(conn: Connection, row: JobRow, payload: bytes) -> None:
    """Replace what an outbox row says of itself; the call stays the same."""
    conn.execute(_of(row).values(payload=payload))


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
    return [replace(row, leased_by=worker, leased_until=until) for row in rows]


def keep_answer(conn: Connection, row: JobRow, answer: bytes) -> bool:
    """Store a department's answer before it is applied; False when the lease was lost."""
    return conn.execute(_held(row).values(answer=answer)).rowcount == 1


def finish(conn: Connection, row: JobRow, state: str = "done", error: str | None = None) -> None:
    """Close an outbox row as done, failed or cancelled."""
    conn.execute(_of(row).values(state=state, error=error, leased_until=None, leased_by=None))


def put_off(conn: Connection, row: JobRow, now: datetime, wait: timedelta, error: str) -> bool:
    """Queue a failed attempt again after a wait; False when the lease was lost."""
    put = conn.execute(
        _held(row).values(
            attempts=row.attempts + 1,
            due_at=now + wait,
            error=error,
            leased_until=None,
            leased_by=None,
        )
    )
    return put.rowcount == 1


def await_answer(conn: Connection, row: JobRow, until: datetime) -> bool:
    """Let a call that a department has taken wait for its answer; False when the lease was lost."""
    kept = conn.execute(
        _held(row).values(state="awaiting", due_at=until, leased_until=None, leased_by=None)
    )
    return kept.rowcount == 1


def queue_again(conn: Connection, row: JobRow, now: datetime) -> None:
    """Queue a failed job again from its first attempt, under the same key."""
    conn.execute(
        _of(row).values(
            state="queued",
            attempts=0,
            due_at=now,
            error=None,
            answer=None,
            leased_until=None,
            leased_by=None,
        )
    )


def suspend(conn: Connection, instance_id: str, now: datetime) -> None:
    """Take the jobs and timers of an instance out of every sweep until it is resumed.

    A job that a worker performs at this moment is left to it: it finds the instance suspended.
    """
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    mine = outbox.c.instance_id == instance_id, outbox.c.state == "queued"
    conn.execute(update(outbox).where(*mine, free).values(state="suspended"))
    conn.execute(update(timer).where(timer.c.instance_id == instance_id).values(suspended=1))


def resume(conn: Connection, instance_id: str) -> None:
    """Let the jobs and timers of an instance go on; what came due meanwhile is due at once."""
    mine = outbox.c.instance_id == instance_id, outbox.c.state == "suspended"
    conn.execute(update(outbox).where(*mine).values(state="queued"))
    conn.execute(update(timer).where(timer.c.instance_id == instance_id).values(suspended=0))


def hold_answer(conn: Connection, row: JobRow, answer: bytes, now: datetime) -> None:
    """Store an answer for a suspended instance; it is applied when the job is queued again."""
    free = {"leased_until": None, "leased_by": None}
    conn.execute(_of(row).values(state="suspended", answer=answer, due_at=now, **free))


def suspend_job(conn: Connection, row: JobRow) -> None:
    """Give a leased job back: its instance was suspended. A stored answer stays for later."""
    conn.execute(_held(row).values(state="suspended", leased_until=None, leased_by=None))


def put_off_timer(conn: Connection, row: TimerRow, until: datetime) -> None:
    """Let a timer that could not be fired wait, so that it holds up no other."""
    conn.execute(
        update(timer)
        .where(timer.c.instance_id == row.instance_id, timer.c.timer == row.timer)
        .values(due_at=until)
    )


def is_held(conn: Connection, row: JobRow) -> bool:
    """Whether a job still is in the state, and under the lease, that this row was read with."""
    query = select(outbox.c.state).where(*_lease_of(row)).with_for_update()
    return conn.execute(query).first() is not None


def _held(row: JobRow) -> Update:
    return update(outbox).where(*_lease_of(row))


def _lease_of(row: JobRow) -> tuple[ColumnElement[bool], ...]:
    """The job of a row, as long as its state is the same and nobody else has leased it since."""
    return (
        outbox.c.instance_id == row.instance_id,
        outbox.c.effect_key == row.effect_key,
        outbox.c.state == row.state,
        outbox.c.leased_by.is_not_distinct_from(row.leased_by),
        outbox.c.leased_until.is_not_distinct_from(row.leased_until),
    )


def _of(row: JobRow) -> Update:
    return update(outbox).where(
        outbox.c.instance_id == row.instance_id, outbox.c.effect_key == row.effect_key
    )
