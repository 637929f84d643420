"""What stands on top of a queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from onething.tasks.filters import Filter, filtered
from onething.tasks.models import task


@dataclass(frozen=True, slots=True)
class Moments:
    """The instants by which tasks are counted."""

    now: datetime
    soon: datetime
    """Before it something is due soon."""
    today: datetime
    """First instant of the day."""
    tomorrow: datetime
    """What is due before it is due today, or late."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks lie in a queue."""

    all: int
    mine: int
    free: int
    late: int
    today: int
    """Due today, and not late."""
    soon: int
    """Due by the end of the next working day, what is late among them."""
    done: int
    """Completed today by this clerk."""


def counts(conn: Connection, wanted: Filter, moments: Moments, user: str) -> Counts:
    """Count the live tasks that a filter finds, once, and those that a person did today."""
    due, now = task.c.due_at, moments.now
    columns: list[ColumnElement[int]] = [
        func.count(),
        func.count().filter(task.c.state == "open"),
        func.count().filter(due < now),
        func.count().filter(due > now, due < moments.tomorrow),
        func.count().filter(due < moments.soon),
    ]
    query: Any = select(*columns).select_from(task)
    lying: Sequence[int] = conn.execute(filtered(query, wanted)).one()
    own = task.c.assignee == user
    place = task.c.department == wanted.department
    held = select(func.count()).where(own, task.c.state == "claimed", place)
    did = select(func.count()).where(
        own, task.c.state == "completed", task.c.closed_at >= moments.today
    )
    mine, done = conn.execute(select(held.scalar_subquery(), did.scalar_subquery())).one()
    every, free, late, today, soon = lying
    return Counts(every, mine, free, late, today, soon, done)
