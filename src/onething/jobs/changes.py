"""Write jobs and timers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

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
from onething.jobs.models import QUEUED, outbox, timer
from onething.jobs.queries import JobRow, TimerRow

UNANSWERED = ("queued", "relayed", "awaiting", "suspended", "failed")
"""States of a job that an answer may still reach."""
_INSERT_JOB = insert(outbox)
_TAKE = (
    update(outbox)
    .where(outbox.c.instance_id == bindparam("id"), outbox.c.effect_key == bindparam("key"))
    .values(state="relayed")
)
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
        # No IN: its list could not be given together with several rows.
        or_(*(outbox.c.state == state for state in UNANSWERED)),
    )
    .values(state="cancelled")
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


def drop_caseless(conn: Connection, before: datetime) -> int:
    """Delete closed jobs that belong to no case and were asked for before an instant."""
    closed = outbox.c.state.in_(("done", "failed", "cancelled"))
    old = outbox.c.instance_id == "", closed, outbox.c.created_at < before
    return conn.execute(delete(outbox).where(*old)).rowcount


def readdress(conn: Connection, row: JobRow, payload: bytes) -> None:
    """Replace what an outbox row says of itself; the call stays the same."""
    conn.execute(_of(row).values(payload=payload))


def take_due(
    conn: Connection, now: datetime, limit: int, department: str | None = None
) -> list[JobRow]:
    """Mark jobs that are due as handed over, longest overdue first; skip what others hold.

    Args:
        conn: The connection.
        now: The instant.
        limit: So many at most.
        department: Only jobs of this department; None takes any.
    """
    query = select(outbox).where(QUEUED, outbox.c.due_at <= now)
    if department is not None:
        query = query.where(outbox.c.department == department)
    query = query.order_by(outbox.c.due_at, outbox.c.instance_id, outbox.c.effect_key)
    query = query.limit(limit).with_for_update(skip_locked=True)
    rows = [JobRow(*row) for row in conn.execute(query)]
    if rows:
        keys = [{"id": row.instance_id, "key": row.effect_key} for row in rows]
        conn.execute(_TAKE, keys)
    return [replace(row, state="relayed") for row in rows]


def ask(conn: Connection, row: JobRow, at: datetime | None) -> bool:
    """Note that a department that cannot deduplicate is asked, or that it surely was not.

    Returns:
        False when the job is no more what this row says.
    """
    return _settled(conn, row, asked_at=at)


def keep_answer(conn: Connection, row: JobRow, answer: bytes) -> bool:
    """Store a department's answer before it is applied; False when the job went another way."""
    return _settled(conn, row, answer=answer)


def finish(conn: Connection, row: JobRow, state: str = "done", error: str | None = None) -> None:
    """Close an outbox row as done, failed or cancelled."""
    conn.execute(_of(row).values(state=state, error=error))


def put_off(conn: Connection, row: JobRow, until: datetime, error: str) -> bool:
    """Queue a failed attempt again for later; False when the job went another way."""
    return _settled(
        conn,
        row,
        state="queued",
        round=row.round + 1,
        attempts=row.attempts + 1,
        due_at=until,
        error=error,
    )


def put_back(conn: Connection, row: JobRow, until: datetime) -> bool:
    """Queue a job again that was not tried, or not by its own fault; False when it went on."""
    return _settled(conn, row, state="queued", round=row.round + 1, due_at=until)


def pull(conn: Connection, department: str, now: datetime) -> int:
    """Let every job that waits for a department be due now; return how many."""
    waiting = (QUEUED, outbox.c.department == department)
    pulled = update(outbox).where(*waiting, outbox.c.due_at > now).values(due_at=now)
    return conn.execute(pulled).rowcount


def await_answer(conn: Connection, row: JobRow, until: datetime) -> bool:
    """Let a call that a department has taken wait; False when the job went another way."""
    return _settled(conn, row, state="awaiting", due_at=until)


def queue_again(conn: Connection, row: JobRow, now: datetime) -> None:
    """Queue a failed job again from its first attempt, under the same key."""
    conn.execute(
        _of(row).values(
            state="queued",
            round=row.round + 1,
            attempts=0,
            due_at=now,
            asked_at=None,
            error=None,
            answer=None,
        )
    )


def suspend(conn: Connection, instance_id: str) -> None:
    """Take the jobs and timers of an instance out of every sweep until it is resumed.

    A job that a worker performs at this moment is left to it: it finds the instance suspended.
    """
    mine = outbox.c.instance_id == instance_id, outbox.c.state == "queued"
    conn.execute(update(outbox).where(*mine).values(state="suspended"))
    conn.execute(update(timer).where(timer.c.instance_id == instance_id).values(suspended=1))


def resume(conn: Connection, instance_id: str) -> None:
    """Let the jobs and timers of an instance go on; what came due meanwhile is due at once."""
    mine = outbox.c.instance_id == instance_id, outbox.c.state == "suspended"
    again = {"state": "queued", "round": outbox.c.round + 1}
    conn.execute(update(outbox).where(*mine).values(**again))
    conn.execute(update(timer).where(timer.c.instance_id == instance_id).values(suspended=0))


def hold_answer(conn: Connection, row: JobRow, answer: bytes, now: datetime) -> None:
    """Store an answer for a suspended instance; it is applied when the job is queued again."""
    conn.execute(_of(row).values(state="suspended", answer=answer, due_at=now))


def suspend_job(conn: Connection, row: JobRow) -> None:
    """Give a job back: its instance was suspended. A stored answer stays for later."""
    _settled(conn, row, state="suspended")


def put_off_timer(conn: Connection, row: TimerRow, until: datetime) -> None:
    """Let a timer that could not be fired wait, so that it holds up no other."""
    conn.execute(
        update(timer)
        .where(timer.c.instance_id == row.instance_id, timer.c.timer == row.timer)
        .values(due_at=until)
    )


def is_held(conn: Connection, row: JobRow) -> bool:
    """Whether a job still is in the state and the round that this row was read in; lock it."""
    query = select(outbox.c.state).where(*_same(row)).with_for_update()
    return conn.execute(query).first() is not None


def _settled(conn: Connection, row: JobRow, **values: Any) -> bool:  # noqa: ANN401 - columns
    """Write to a job as long as it is what this row says; tell whether it was."""
    return conn.execute(update(outbox).where(*_same(row)).values(**values)).rowcount == 1


def _same(row: JobRow) -> tuple[ColumnElement[bool], ...]:
    return (
        outbox.c.instance_id == row.instance_id,
        outbox.c.effect_key == row.effect_key,
        outbox.c.state == row.state,
        outbox.c.round == row.round,
    )


def _of(row: JobRow) -> Update:
    return update(outbox).where(
        outbox.c.instance_id == row.instance_id, outbox.c.effect_key == row.effect_key
    )
