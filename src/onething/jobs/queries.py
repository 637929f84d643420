"""Read jobs and timers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, tuple_

from onething import db
from onething.errors import NotFound
from onething.jobs.models import QUEUED, outbox, timer


@dataclass(frozen=True, slots=True)
class JobRow:
    """One outbox row."""

    instance_id: str
    effect_key: str
    kind: str
    token: str | None
    operation: str
    department: str
    payload: bytes
    state: str
    round: int
    attempts: int
    retries: int
    due_at: datetime
    asked_at: datetime | None
    error: str | None
    answer: bytes | None
    created_at: datetime

    @property
    def id(self) -> str:
        """The key a department deduplicates by: the same at every attempt."""
        return f"{self.instance_id}:{self.effect_key}"

    @property
    def tries(self) -> int:
        """How often it was tried since it was queued anew, the try that closed it included."""
        return self.attempts + (self.state in ("awaiting", "done", "failed"))

    @property
    def workflow_id(self) -> str:
        """The key that this round of it is handed over by."""
        return f"{self.id}~{self.round}"


@dataclass(frozen=True, slots=True)
class TimerRow:
    """One running timer."""

    instance_id: str
    timer: str
    activity: str
    due_at: datetime
    provisional: int
    suspended: int = 0
    """1 while an operator has suspended the instance: it is not swept."""


_DUE_TIMERS = (
    select(timer)
    .where(timer.c.suspended == 0, timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.instance_id, timer.c.timer)
    .limit(bindparam("limit"))
)


def get(conn: Connection, instance_id: str, effect_key: str) -> JobRow:
    """Return one outbox row; raise NotFound when there is none."""
    query = select(outbox).where(
        outbox.c.instance_id == instance_id, outbox.c.effect_key == effect_key
    )
    row = conn.execute(query).first()
    if row is None:
        raise NotFound(f"No job {instance_id}:{effect_key}")
    return JobRow(*row)


def at_token(conn: Connection, instance_id: str, token: str) -> JobRow | None:
    """Return the newest job of a token, or None."""
    query = (
        select(outbox)
        .where(outbox.c.instance_id == instance_id, outbox.c.token == token)
        .order_by(outbox.c.created_at.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    return None if row is None else JobRow(*row)


def due_timers(conn: Connection, now: datetime, limit: int) -> list[TimerRow]:
    """Return timers that are due, longest overdue first."""
    return [TimerRow(*row) for row in conn.execute(_DUE_TIMERS, {"now": now, "limit": limit})]


def next_timer(conn: Connection) -> datetime | None:
    """Return the instant at which the next timer is due, or None."""
    return conn.execute(select(func.min(timer.c.due_at)).where(timer.c.suspended == 0)).scalar()


def timers_of(conn: Connection, instance_id: str) -> list[TimerRow]:
    """Return the running timers of one instance, next due first."""
    query = select(timer).where(timer.c.instance_id == instance_id).order_by(timer.c.due_at)
    return [TimerRow(*row) for row in conn.execute(query)]


def timers_of_all(conn: Connection, instance_ids: Sequence[str]) -> list[TimerRow]:
    """Return the running timers of several instances."""
    query = select(timer).where(timer.c.instance_id.in_(instance_ids))
    return [TimerRow(*row) for row in conn.execute(query)]


def provisional_instances(conn: Connection, after: str, limit: int) -> list[str]:
    """Return instances with a timer whose due day is provisional, by id, after one."""
    query = select(timer.c.instance_id).where(timer.c.provisional == 1, timer.c.instance_id > after)
    return list(conn.scalars(query.distinct().order_by(timer.c.instance_id).limit(limit)))


def of_instance(conn: Connection, instance_id: str) -> list[JobRow]:
    """Return every outbox row of one instance in the order it was made."""
    query = select(outbox).where(outbox.c.instance_id == instance_id)
    query = query.order_by(outbox.c.created_at, outbox.c.effect_key)
    return [JobRow(*row) for row in conn.execute(query)]


def unanswered_since(conn: Connection, now: datetime, limit: int) -> list[JobRow]:
    """Return calls whose answer should have come by now, longest overdue first."""
    query = select(outbox).where(outbox.c.state == "awaiting", outbox.c.due_at <= now)
    query = query.order_by(outbox.c.due_at, outbox.c.instance_id, outbox.c.effect_key)
    return [JobRow(*row) for row in conn.execute(query.limit(limit))]


def relayed(conn: Connection, limit: int) -> list[JobRow]:
    """Return jobs that are handed over and not closed, longest due first."""
    query = select(outbox).where(outbox.c.state == "relayed").order_by(outbox.c.due_at)
    return [JobRow(*row) for row in conn.execute(query.limit(limit))]


def waiting_since(
    conn: Connection, department: str, now: datetime, before: datetime, limit: int
) -> list[JobRow]:
    """Return calls of a department that are due, and were asked for before an instant."""
    query = select(outbox).where(
        QUEUED,
        outbox.c.department == department,
        outbox.c.due_at <= now,
        outbox.c.created_at <= before,
    )
    return [JobRow(*row) for row in conn.execute(query.order_by(outbox.c.due_at).limit(limit))]


def listing(  # noqa: PLR0913 - the filters of one list
    conn: Connection,
    *,
    states: Sequence[str],
    department: str | None = None,
    operation: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[JobRow]:
    """Return jobs in these states, longest due first, beginning after one's id."""
    place = (outbox.c.due_at, outbox.c.instance_id, outbox.c.effect_key)
    query = select(outbox).where(outbox.c.state.in_(states))
    if department is not None:
        query = query.where(outbox.c.department == department)
    if operation is not None:
        query = query.where(outbox.c.operation == operation)
    if after is not None:
        last = get(conn, *split(after))
        there = (last.due_at, last.instance_id, last.effect_key)
        query = query.where(tuple_(*place) > tuple_(*db.bound(place, there)))
    return [JobRow(*row) for row in conn.execute(query.order_by(*place).limit(limit))]


def split(public_id: str) -> tuple[str, str]:
    """Return instance and effect key of a job's id."""
    instance_id, _, effect_key = public_id.partition(":")
    return instance_id, effect_key


def next_due(conn: Connection) -> datetime | None:
    """Return the instant at which the next queued job is due, or None."""
    query = select(func.min(outbox.c.due_at)).where(outbox.c.state == "queued")
    return conn.execute(query).scalar()
