"""Which tasks somebody asks for, and what that is in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from onething.tasks.models import queue_term, task

LIVE = ("open", "claimed")


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
    due_after: datetime | None = None
    closed_since: datetime | None = None
    text: str | None = None
    """Part of the task's name or of the case number, or what has one of `text_terms`."""
    text_terms: tuple[int, ...] = ()
    names: tuple[str, ...] | None = None
    """Names of tasks that hold the text, where they were looked up: they stand for it."""
    terms: tuple[tuple[int, ...], ...] = ()
    """The case has one of each group."""
    instance_ids: tuple[str, ...] | None = None
    own_instances: Select[tuple[str]] | None = field(default=None, compare=False)
    """A query for instances whose parties' tasks count besides those of department and post."""


def region_prefix(region: str) -> str:
    """Return the digits that a division shares with its sub-divisions: 370500 gives 3705."""
    while region.endswith("00"):
        region = region[:-2]
    return region


def filtered(query: Select[Any], wanted: Filter) -> Select[Any]:
    """Let a query find what the filter asks for."""
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
    found += [has_term(group) for group in wanted.terms]
    if wanted.text:
        found.append(_of_text(wanted))
    return found + _when(wanted)


def has_term(group: tuple[int, ...]) -> ColumnElement[bool]:
    """Return that a task's case has one of the terms."""
    column = queue_term.c
    # The offset keeps PostgreSQL from joining all cases with the term before it looks at tasks.
    return exists(
        select(column.term)
        .where(column.instance_id == task.c.instance_id, column.term.in_(group))
        .offset(0)
    )


def _when(wanted: Filter) -> list[ColumnElement[bool]]:
    found = []
    if wanted.due_before is not None:
        found.append(task.c.due_at < wanted.due_before)
    if wanted.due_after is not None:
        found.append(task.c.due_at > wanted.due_after)
    if wanted.closed_since is not None:
        found.append(task.c.closed_at >= wanted.closed_since)
    return found


def _of_text(wanted: Filter) -> ColumnElement[bool]:
    text = wanted.text or ""
    if wanted.names is None:
        named = [
            task.c.name.contains(text, autoescape=True),
            task.c.case_no.contains(text, autoescape=True),
        ]
    else:
        named = [task.c.name.in_(wanted.names)] if wanted.names else []
    by_term = [has_term(wanted.text_terms)] if wanted.text_terms else []
    return or_(false(), *named, *by_term)


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
