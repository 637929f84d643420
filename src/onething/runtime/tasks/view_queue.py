"""The clerk's queue: what it is filtered by, and what the clerk is told on top of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from onething import forms, tasks
from onething.definitions import DayRange, Definition, FilterField, comparable
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS, own_tasks, require_role
from onething.runtime.tasks.audiences import Audience, audiences
from onething.runtime.tasks.queue_terms import TAILS, tail_term, term
from onething.tasks import Counts, Filter, TaskRow

LONGEST_TEXT = 100
_SHORTEST_VALUE = 2
_NUMBER_LIKE = re.compile(r"[0-9A-Z()-]{6,30}")
_TAIL = re.compile(r"[0-9]{3,5}[0-9X]")


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What a clerk wants to see of the own queue; department and post are always the own ones."""

    text: str = ""
    service: str | None = None
    item: str | None = None
    post: str | None = None
    region: str | None = None
    """A division within the own one."""
    held: str = "all"
    """all, free, mine, or taken: somebody holds it."""
    due_before: datetime | None = None
    due_after: datetime | None = None
    done_since: datetime | None = None
    """What the clerk has done since then, instead of what is to do."""
    fields: Sequence[tuple[str, str]] = ()
    """Keys of fields and the values that they shall have; of a date also a range, FROM/TO."""


def view_queue(
    host: Host, actor: Actor, asked: QueueQuery, *, after: str | None = None, limit: int = 50
) -> list[TaskRow]:
    """Return a page of the own queue, next due first, beginning after a task's id.

    Raises:
        NotAllowed: The person is neither clerk nor supervisor.
        NotFound: `after` names no task.
        InvalidInput: A range of days is none, or has more than MOST_DAYS.
    """
    require_role(actor, *WORKERS)
    with host.database.read() as conn:
        wanted = _filter(host, conn, actor, asked)
        if wanted is None:
            return []
        return tasks.worklist(conn, wanted, after=after, limit=limit)


def queue_fields(host: Host, actor: Actor) -> list[tuple[Definition, list[FilterField]]]:
    """Return what the own queue can be filtered by: services with fields that the post sees."""
    with host.database.read() as conn:
        found = audiences(host, conn, actor)
    return [(one.definition, [held.field for held in one.fields]) for one in found if one.fields]


def queue_counts(host: Host, actor: Actor, soon: datetime) -> Counts:
    """Return what lies in the own queue, and what this clerk has done today.

    Args:
        host: The node.
        actor: The clerk.
        soon: Before this instant something is due soon.
    """
    now = host.clock()
    with host.database.read() as conn:
        return tasks.counts(
            conn,
            own_tasks(actor),
            tasks.Moments(now=now, tomorrow=tomorrow(host), soon=soon, today=today(host)),
            actor.user,
        )


def today(host: Host) -> datetime:
    """Return the first instant of the legal day."""
    on = host.clock().astimezone(host.zone).date()
    return datetime.combine(on, time.min, host.zone)


def tomorrow(host: Host) -> datetime:
    """Return the first instant after which nothing is due today."""
    on = host.clock().astimezone(host.zone).date() + timedelta(days=1)
    return datetime.combine(on, time.min, host.zone) + timedelta(microseconds=1)


def _filter(host: Host, conn: Connection, actor: Actor, asked: QueueQuery) -> Filter | None:
    """Return the filter of a query, or None where it can find nothing."""
    own = own_tasks(actor)
    region = asked.region or own.region
    if own.region and not (region or "").startswith(tasks.region_prefix(own.region)):
        return None
    posts = own.posts if not asked.post else (asked.post,)
    if own.posts is not None and posts is not None and not set(posts) <= set(own.posts):
        return None
    wanted = replace(
        own,
        region=region,
        posts=posts,
        beside=() if asked.region or asked.post else own.beside,
        service=asked.service,
        item=asked.item,
        due_before=asked.due_before,
        due_after=asked.due_after,
    )
    wanted = _held(wanted, actor, asked)
    if not (asked.fields or asked.text):
        return wanted
    offered = [
        one
        for of in audiences(host, conn, actor)
        if asked.service in (None, of.definition.service.code)
        for one in of.fields
    ]
    terms = [_terms(host, offered, key, value) for key, value in asked.fields]
    if not all(terms):
        return None
    text = asked.text[:LONGEST_TEXT]
    return replace(
        wanted,
        terms=tuple(terms),
        text=text or None,
        text_terms=_text_terms(host, offered, text) if text else (),
    )


def _held(wanted: Filter, actor: Actor, asked: QueueQuery) -> Filter:
    if asked.done_since is not None:
        return replace(
            wanted, states=("completed",), assignee=actor.user, closed_since=asked.done_since
        )
    if asked.held == "mine":  # wherever it came from
        place = (asked.region and wanted.region, wanted.posts if asked.post else None)
        return replace(wanted, assignee=actor.user, region=place[0] or None, posts=place[1])
    states = {"free": ("open",), "taken": ("claimed",)}.get(asked.held)
    return wanted if states is None else replace(wanted, states=states)


def _terms(host: Host, offered: Iterable[Audience], key: str, value: str) -> tuple[int, ...]:
    """Return the terms of a field's value; none where the clerk may not filter by the field."""
    for one in offered:
        if one.field.key == key:
            return _of(host, one, _asked(host, one.field, value))
    return ()


def _asked(host: Host, field: FilterField, value: str) -> list[str]:
    """Return the values that are asked for: those of a range of days are many."""
    days = DayRange.of(value) if field.kind == "date" else None
    return days.days if days is not None else [_stored(host, field, value) or value]


def _text_terms(host: Host, offered: Iterable[Audience], text: str) -> tuple[int, ...]:
    """Return the terms of a text as the end of a case number, and as a value of any field."""
    found = {tail_term(host.keys, text.upper())} if _is_tail(text) else set()
    if len(text) >= _SHORTEST_VALUE:
        for one in offered:
            value = _stored(host, one.field, text) if one.field.names_somebody else None
            if value:
                found.update(_of(host, one, [value]))
    return tuple(sorted(found))


def _is_tail(text: str) -> bool:
    return len(text) in TAILS and _TAIL.fullmatch(text.upper()) is not None


def _of(host: Host, one: Audience, values: Iterable[str]) -> tuple[int, ...]:
    told = [comparable(one.field.kind, value) for value in values]
    return tuple(
        term(host.keys, one.field.key, among, value) for among in one.readers for value in told
    )


def _stored(host: Host, field: FilterField, value: str) -> str | None:
    """Return a text as the field's rule stores it, or None where it is no such value."""
    element = field.component.element
    rule = forms.RULES.get(element.rule) if element is not None else None
    if rule is None:
        return value
    on = host.clock().astimezone(host.zone).date()
    verdict = rule(value, forms.Surroundings(on))
    if verdict.problem is None:
        return str(verdict.value)
    # Beside the identity number a field may hold the numbers of other documents.
    is_other = element is not None and element.rule == "id_number"
    return value if is_other and _NUMBER_LIKE.fullmatch(value.upper()) else None
