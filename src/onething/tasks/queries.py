"""Read the worklist."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from onething.errors import NotFound
from onething.tasks.models import task

LIVE = ("open", "claimed")
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


@dataclass(frozen=True, slots=True)
class Beside:
    """An absent colleague whose tasks count as well: what they hold, and what waits for them."""

    user: str
    post: str | None
    """None: every post of the department."""
    region: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tasks a person asks for; None leaves a criterion out."""

    department: str | None = None
    region: str | None = None
    """A division code; its sub-divisions count, and tasks that belong to no region."""
    posts: tuple[str, ...] | None = None
    exact: bool = False
    """Whether tasks that name no region or post stay out where one is asked for."""
    beside: tuple[Beside, ...] = ()
    """Tasks of these people count besides those of post and region, in the same department."""
    assignee: str | None = None
    open_to: str | None = None
    """Nobody holds it, or this person does."""
    party: str | None = None
    case_no: str | None = None
    instance_id: str | None = None
    service: str | None = None
    item: str | None = None
    states: tuple[str, ...] = LIVE
    due_before: datetime | None = None
    text: str | None = None
    """Part of the task's name or of the case number."""
    instance_ids: tuple[str, ...] | None = None
    own_instances: Select[tuple[str]] | None = field(default=None, compare=False)
    """A query for instances whose parties' tasks count besides those of department and post."""


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
    found: list[TaskRow] = []
    if last is None or last.due_at is not None:
        found = _leg(conn, wanted, task.c.due_at.is_not(None), last, limit)
        last = None
    if len(found) < limit:
        found += _leg(conn, wanted, task.c.due_at.is_(None), last, limit - len(found))
    return found


def _leg(
    conn: Connection,
    wanted: Filter,
    is_of_leg: ColumnElement[bool],
    last: TaskRow | None,
    limit: int,
) -> list[TaskRow]:
    """Return the tasks with, or those without, an instant at which they are due."""
    query = _filtered(select(task), wanted).where(is_of_leg)
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
    return _filtered(select(task.c.instance_id), wanted)


def count(conn: Connection, wanted: Filter) -> int:
    """Return how many tasks the filter finds."""
    query = _filtered(select(func.count()).select_from(task), wanted)
    return int(conn.execute(query).scalar_one())


def loads(
    conn: Connection, wanted: Filter, soon: datetime, now: datetime
) -> list[tuple[str | None, int, int, int]]:
    """Return who holds how many of the tasks the filter finds: all, due by `soon`, overdue.

    The row without a name counts what nobody holds.
    """
    of = task.c.assignee
    until = [func.count().filter(task.c.due_at < at) for at in (soon, now)]
    query = _filtered(select(of, func.count(), *until), wanted).group_by(of)
    return [(who, total, due, late) for who, total, due, late in conn.execute(query)]


def region_prefix(region: str) -> str:
    """Return the digits that a division shares with its sub-divisions: 370500 gives 3705."""
    while region.endswith("00"):
        region = region[:-2]
    return region


def _behind(last: TaskRow) -> list[ColumnElement[bool]]:
    """Return what a task must be to follow another one of its leg."""
    place = [task.c.opened_at, task.c.instance_id, task.c.token]
    values: list[Any] = [last.opened_at, last.instance_id, last.token]
    if last.due_at is None:
        return [tuple_(*place) > tuple_(*_bound(place, values))]
    whole, at = [task.c.due_at, *place], [last.due_at, *values]
    return [tuple_(*whole) > tuple_(*_bound(whole, at))]


def _bound(columns: Sequence[ColumnElement[Any]], values: Sequence[Any]) -> list[Any]:
    return [literal(value, column.type) for column, value in zip(columns, values, strict=True)]


def _filtered(query: Select[Any], wanted: Filter) -> Select[Any]:
    for criterion in _criteria(wanted):
        query = query.where(criterion)
    return query


def _criteria(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [task.c.state.in_(wanted.states), *_whose(wanted)]
    if set(wanted.states) <= set(LIVE):
        found.append(task.c.closed_at.is_(None))  # as the index of live tasks has it
    for name in ("assignee", "party", "case_no", "instance_id", "service", "item"):
        value = getattr(wanted, name)
        if value is not None:
            found.append(task.c[name] == value)
    if wanted.open_to is not None:
        found.append(or_(task.c.assignee.is_(None), task.c.assignee == wanted.open_to))
    if wanted.instance_ids is not None:
        found.append(task.c.instance_id.in_(wanted.instance_ids))
    if wanted.due_before is not None:
        found.append(task.c.due_at < wanted.due_before)
    if wanted.text:
        found.append(
            or_(
                task.c.name.contains(wanted.text, autoescape=True),
                task.c.case_no.contains(wanted.text, autoescape=True),
            )
        )
    return found


def _whose(wanted: Filter) -> list[ColumnElement[bool]]:
    """Return what a task must be to lie with the department and post, or with the party."""
    found: list[ColumnElement[bool]] = []
    if wanted.department is not None:
        found.append(task.c.department == wanted.department)
    own = _of_place(wanted.region, wanted.posts, is_exact=wanted.exact)
    if own and wanted.beside:
        found.append(or_(and_(*own), *(_of_absent(one) for one in wanted.beside)))
    else:
        found += own
    if wanted.own_instances is None:
        return found
    mine = and_(task.c.party.is_not(None), task.c.instance_id.in_(wanted.own_instances))
    return [or_(and_(*found), mine)] if found else [mine]


def _of_place(
    region: str | None, posts: Sequence[str] | None, *, is_exact: bool = False
) -> list[ColumnElement[bool]]:
    """Return what a task must be to belong to a region and to posts; what names none does.

    Except where that was asked for exactly.
    """
    found: list[ColumnElement[bool]] = []
    if region is not None:
        here = task.c.region.startswith(region_prefix(region), autoescape=True)
        found.append(here if is_exact else or_(here, task.c.region.is_(None)))
    if posts is not None:
        of_posts = task.c.post.in_(posts)
        found.append(of_posts if is_exact else or_(of_posts, task.c.post.is_(None)))
    return found


def _of_absent(one: Beside) -> ColumnElement[bool]:
    """Return what a task must be to be an absent colleague's: held, taken over, or waiting."""
    waits = [task.c.assignee.is_(None), *_of_place(one.region, (one.post,) if one.post else None)]
    return or_(task.c.assignee == one.user, task.c.held_for == one.user, and_(*waits))
