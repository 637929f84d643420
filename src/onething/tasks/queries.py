"""Read the worklist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    select,
    tuple_,
)

from onething import db
from onething.errors import NotFound
from onething.tasks.filters import LIVE, Filter, filtered
from onething.tasks.finding import Plan, plan
from onething.tasks.models import task

_ONE = select(task).where(
    task.c.instance_id == bindparam("instance_id"), task.c.token == bindparam("token")
)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as the worklist shows it."""

    instance_id: str
    token: str
    case_no: str
    service: str
    activity: str
    process: str
    name: str
    form: str | None
    item: str | None
    department: str | None
    post: str | None
    region: str | None
    party: str | None
    state: str
    assignee: str | None
    delegated_by: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    properties: dict[str, Any]
    held_for: str | None = None
    """The absent person for whom its holder took it."""

    @property
    def id(self) -> str:
        """The task's public id: `<instance>-<token>`."""
        return f"{self.instance_id}-{self.token}"

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to do it."""
        return self.state in LIVE


def get(conn: Connection, instance_id: str, token: str) -> TaskRow:
    """Return one task; raise NotFound when there is none."""
    row = conn.execute(_ONE, {"instance_id": instance_id, "token": token}).first()
    if row is None:
        raise NotFound(f"No task {instance_id}-{token}")
    return TaskRow(*row)


def split_id(task_id: str) -> tuple[str, str]:
    """Split a public id into (instance, token); raise NotFound for another text."""
    instance_id, dash, token = task_id.partition("-")
    if not (instance_id and dash and token):
        raise NotFound(f"No task {task_id}")
    return instance_id, token


def worklist(
    conn: Connection, wanted: Filter, *, after: str | None = None, limit: int = 50
) -> list[TaskRow]:
    """Return tasks in the order they are due, at most `limit`, beginning after a task's id.

    Those that are due come first, the others follow: two questions, each answered in the order
    of an index, so that a page costs the same however long the queue is.
    """
    last = None if after is None else get(conn, *split_id(after))
    way = plan(conn, wanted)
    found: list[TaskRow] = []
    if way.is_empty:
        return found
    if last is None or last.due_at is not None:
        found = _leg(conn, way, task.c.due_at.is_not(None), last, limit)
        last = None
    if len(found) < limit and wanted.due_before is None and wanted.due_after is None:
        found += _leg(conn, way, task.c.due_at.is_(None), last, limit - len(found))
    return found


def _leg(
    conn: Connection,
    way: Plan,
    is_of_leg: ColumnElement[bool],
    last: TaskRow | None,
    limit: int,
) -> list[TaskRow]:
    """Return the tasks with, or those without, an instant at which they are due."""
    query = way.apply(filtered(select(task), way.wanted)).where(is_of_leg)
    if last is not None:
        query = query.where(*_behind(last))
    query = query.order_by(task.c.due_at, task.c.opened_at, task.c.instance_id, task.c.token)
    return [TaskRow(*row) for row in conn.execute(query.limit(limit))]


def dated_of(conn: Connection, cases: Sequence[str]) -> list[TaskRow]:
    """Return the live tasks of some instances that are due at an instant."""
    query = select(task).where(
        task.c.instance_id.in_(cases), task.c.state.in_(LIVE), task.c.due_at.is_not(None)
    )
    return [TaskRow(*row) for row in conn.execute(query)]


def instance_ids(wanted: Filter) -> Select[tuple[str]]:
    """Return the query for the instances that have a task the filter finds."""
    return filtered(select(task.c.instance_id), wanted)


def count(conn: Connection, wanted: Filter) -> int:
    """Return how many tasks the filter finds."""
    query = filtered(select(func.count()).select_from(task), wanted)
    return int(conn.execute(query).scalar_one())


def loads(
    conn: Connection, wanted: Filter, soon: datetime, now: datetime
) -> list[tuple[str | None, int, int, int]]:
    """Return who holds how many of the tasks the filter finds: all, due by `soon`, overdue.

    The row without a name counts what nobody holds.
    """
    of = task.c.assignee
    until = [func.count().filter(task.c.due_at < at) for at in (soon, now)]
    query = filtered(select(of, func.count(), *until), wanted).group_by(of)
    return [(who, total, due, late) for who, total, due, late in conn.execute(query)]


def held_for_others(
    conn: Connection, department: str, assignee: str | None = None
) -> list[TaskRow]:
    """Return the live tasks of a department that were taken over, by holder and whose they are."""
    query = select(task).where(
        task.c.department == department, task.c.state == "claimed", task.c.held_for.is_not(None)
    )
    if assignee is not None:
        query = query.where(task.c.assignee == assignee)
    query = query.order_by(task.c.assignee, task.c.held_for, task.c.due_at, task.c.token)
    return [TaskRow(*row) for row in conn.execute(query)]


def _behind(last: TaskRow) -> list[ColumnElement[bool]]:
    """Return what a task must be to follow another one of its leg."""
    place = [task.c.opened_at, task.c.instance_id, task.c.token]
    values: list[Any] = [last.opened_at, last.instance_id, last.token]
    if last.due_at is None:
        return [tuple_(*place) > tuple_(*db.bound(place, values))]
    whole, at = [task.c.due_at, *place], [last.due_at, *values]
    return [tuple_(*whole) > tuple_(*db.bound(whole, at))]
