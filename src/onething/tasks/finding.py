"""How tasks are found by terms and by text: from the rarest term, or along the queue.

The planners of the databases do not know how often a term comes: where they guess wrong, they
look at every task. So terms are counted first, up to a bound. Where one is rare its cases are
looked at; where all are frequent the queue is walked in its order, and a page is soon full.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from onething.tasks.filters import LIVE, Filter
from onething.tasks.models import queue_term, task

RARE = 2_000
"""A term that fewer cases have is where the search begins."""
_NUMBER = re.compile(r"L?[0-9]{1,23}X?")
_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Plan:
    """How a filter is answered."""

    wanted: Filter
    first: tuple[int, ...] = ()
    """Terms whose cases are looked at; none: the queue is walked."""
    is_empty: bool = False
    """No task is found, that much is clear already."""

    def apply(self, query: Select[Any]) -> Select[Any]:
        """Let a query for tasks follow the plan."""
        if not self.first:
            return (
                query.with_hint(task, f"INDEXED BY {self._walked}", "sqlite")
                if self._walked
                else query
            )
        cases = select(queue_term.c.instance_id).where(queue_term.c.term.in_(self.first))
        query = query.where(task.c.instance_id.in_(cases))
        return query.with_hint(task, "INDEXED BY sqlite_autoindex_task_1", "sqlite")

    @property
    def _walked(self) -> str:
        """The index along which a queue is walked; none where the planner chooses well."""
        wanted = self.wanted
        is_live = wanted.department is not None and set(wanted.states) <= set(LIVE)
        is_apart = wanted.own_instances is None and bool(wanted.terms or wanted.text)
        if not is_live or not is_apart:
            return ""
        return "ix_task_named" if wanted.names and not wanted.text_terms else "ix_task_queue"


def plan(conn: Connection, wanted: Filter) -> Plan:
    """Count what a filter names and choose how it is answered."""
    if wanted.own_instances is not None or not (wanted.terms or wanted.text):
        return Plan(wanted)
    groups = [*wanted.terms, *([wanted.text_terms] if wanted.text_terms else [])]
    counts = _counted(conn, groups)
    if wanted.text:
        count = counts[-1] if wanted.text_terms else 0
        wanted = _read_text(conn, wanted, count)
        if not count:
            wanted = replace(wanted, text_terms=())
        if wanted.names == () and not wanted.text_terms:
            return Plan(wanted, is_empty=True)
        if wanted.names != () or not wanted.text_terms:  # not only what has one of the terms
            counts = counts[: len(wanted.terms)]
    return _plan(wanted, groups, counts)


def _plan(wanted: Filter, groups: list[tuple[int, ...]], counts: list[int]) -> Plan:
    if not counts or wanted.case_no is not None:
        return Plan(wanted)
    least = min(counts)
    if least >= RARE:
        return Plan(wanted)
    return Plan(wanted, groups[counts.index(least)], is_empty=least == 0)


def _counted(conn: Connection, groups: list[tuple[int, ...]]) -> list[int]:
    """Return how many cases have one of a group's terms, counted up to RARE."""
    if not groups:
        return []
    # Plain text: making the statement of its parts took longer than the database.
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM queue_term WHERE term IN ({_list(group)})"  # noqa: S608 - whole numbers
        f" LIMIT {RARE:d}) AS counted)"
        for group in groups
    )
    return list(conn.exec_driver_sql(f"SELECT {counts}").one())


def _read_text(conn: Connection, wanted: Filter, count: int) -> Filter:
    """Say what a text is: a case number or a part of one, a value, or the name of a task.

    What some case has as a value, or as the end of its number, is not looked for elsewhere in
    numbers: that would take a look at each of them.
    """
    text = (wanted.text or "").upper()
    if _NUMBER.fullmatch(text):
        if len(text) == _LENGTH and wanted.case_no in (None, text):
            return replace(wanted, case_no=text, text=None)
        return replace(wanted, names=()) if count else wanted
    if wanted.department is None:
        return wanted
    return replace(wanted, names=_names(conn, wanted.department, wanted.text or ""))


def _list(group: tuple[int, ...]) -> str:
    return ", ".join(f"{one:d}" for one in group)


def _names(conn: Connection, department: str, text: str) -> tuple[str, ...]:
    """Return the names of a department's tasks that hold a text."""
    found = conn.scalars(_NAMES, {"department": department})
    return tuple(one for one in found if one is not None and text.lower() in one.lower())


def _names_of_department() -> Select[Any]:
    """Return the query for the names of a department's live tasks: from one to the next."""
    live = and_(task.c.department == bindparam("department"), task.c.closed_at.is_(None))
    name = task.c.name
    walk = select(func.min(name).label("name")).where(live).cte("walk", recursive=True)
    after = select(func.min(name)).where(live, name > walk.c.name).scalar_subquery()
    walk = walk.union_all(select(after).where(walk.c.name.is_not(None)))
    return select(walk.c.name)


_NAMES = _names_of_department()
