"""Read clocks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, select, union

from onething.clocks.clock import Clock
from onething.clocks.ledger import Entry
from onething.clocks.models import clock, clock_entry

AT_ONCE = 500
_OF_CASE = select(clock).where(clock.c.instance_id == bindparam("id"))
_ENTRIES_OF_CASE = (
    select(clock_entry)
    .where(clock_entry.c.instance_id == bindparam("id"))
    .order_by(clock_entry.c.clock_id, clock_entry.c.number)
)
_RUNS = clock.c.state == "running"
_DUE = (
    select(clock).where(_RUNS, clock.c.statutory_due_at <= bindparam("before")),
    select(clock).where(_RUNS, clock.c.promised_due_at <= bindparam("before")),
)
"""One question a leg: each has its index, both in one would read every clock that runs."""
_BY_HOURS = select(clock).where(clock.c.state == "running", clock.c.by_hours == 1)
_OF_OTHER_VERSION = (
    select(clock.c.instance_id)
    .where(
        clock.c.ended_at.is_(None),
        clock.c.calendar_version != bindparam("version"),
        clock.c.instance_id > bindparam("after"),
    )
    .distinct()
    .order_by(clock.c.instance_id)
    .limit(bindparam("limit"))
)


def of_case(conn: Connection, instance_id: str) -> list[Clock]:
    """Return the clocks of a case with their ledgers, oldest first."""
    return oldest_first(
        _with_entries(
            conn.execute(_OF_CASE, {"id": instance_id}),
            conn.execute(_ENTRIES_OF_CASE, {"id": instance_id}),
        )
    )


def oldest_first(found: Iterable[Clock]) -> list[Clock]:
    """Return clocks in the order in which a command moves them: the same on every database."""
    return sorted(found, key=lambda one: (one.started_at, one.clock_id))


def of_cases(conn: Connection, instance_ids: Sequence[str]) -> dict[str, list[Clock]]:
    """Return the clocks of several cases with their ledgers, by case."""
    found: dict[str, list[Clock]] = {one: [] for one in instance_ids}
    rows = conn.execute(select(clock).where(clock.c.instance_id.in_(instance_ids)))
    entries = conn.execute(
        select(clock_entry)
        .where(clock_entry.c.instance_id.in_(instance_ids))
        .order_by(clock_entry.c.instance_id, clock_entry.c.clock_id, clock_entry.c.number)
    )
    for one in oldest_first(_with_entries(rows, entries)):
        found[one.instance_id].append(one)
    return found


def open_due(
    conn: Connection,
    before: datetime,
    limit: int = AT_ONCE,
    after: tuple[str, str] = ("", ""),
    *,
    by_hours: bool = False,
) -> list[Clock]:
    """Return running clocks that are due by an instant, without ledgers, by case.

    Args:
        conn: A connection.
        before: A leg that is due at this instant or earlier counts.
        limit: The most clocks to return.
        after: Case and clock after which to go on.
        by_hours: Return those whose limit ends by office hours as well, due or not: they are
            few, and what is to be said of them changes within a day.
    """
    parts = [*_DUE, _BY_HOURS] if by_hours else [*_DUE]
    if after != ("", ""):
        parts = [one.where(_after(after)) for one in parts]
    query = union(*parts).order_by("instance_id", "clock_id").limit(limit)
    return [_clock(row, ()) for row in conn.execute(query, {"before": before})]


def ran_out(conn: Connection, kind: str, since: datetime, before: datetime) -> list[Clock]:
    """Return clocks of a kind whose period ran out between two instants, without ledgers."""
    due = clock.c.statutory_due_at
    query = select(clock).where(clock.c.state == "expired", due >= since, due <= before)
    return [_clock(row, ()) for row in conn.execute(query.where(clock.c.kind == kind))]


def ended(
    conn: Connection,
    since: datetime,
    until: datetime | None = None,
    limit: int = 20_000,
    *,
    department: str | None = None,
) -> list[Clock]:
    """Return the handling clocks of items that ended between two instants, newest first.

    With a department, only those of its items.
    """
    is_meant = (
        _ended_within(since, until) & (clock.c.kind == "handling") & (clock.c.owner == "item")
    )
    if department is not None:
        is_meant &= clock.c.department == department
    rows = select(clock).where(is_meant).order_by(clock.c.ended_at.desc()).limit(limit)
    is_its = (clock.c.instance_id == clock_entry.c.instance_id) & (
        clock.c.clock_id == clock_entry.c.clock_id
    )
    entries = select(clock_entry).join(clock, is_its).where(is_meant)
    ordered = entries.order_by(
        clock_entry.c.instance_id, clock_entry.c.clock_id, clock_entry.c.number
    )
    return _with_entries(conn.execute(rows), conn.execute(ordered))


def second_notices(
    conn: Connection, since: datetime, until: datetime | None = None
) -> dict[str, int]:
    """Count second notices to supplement whose clocks ended in a time, by department."""
    is_its = (clock.c.instance_id == clock_entry.c.instance_id) & (
        clock.c.clock_id == clock_entry.c.clock_id
    )
    query = (
        select(clock.c.department, func.count())
        .join(clock_entry, is_its)
        .where(_ended_within(since, until))
        .where(clock.c.kind == "supplement")
        .where(clock_entry.c.kind == "start", clock_entry.c.approver.is_not(None))
        .group_by(clock.c.department)
    )
    return {department: count for department, count in conn.execute(query) if department}


def supplemented(conn: Connection, instance_ids: Select[tuple[str]]) -> int:
    """Count the cases whose applicants were asked for a supplement."""
    query = select(func.count(clock.c.instance_id.distinct())).where(
        clock.c.instance_id.in_(instance_ids), clock.c.kind == "supplement"
    )
    return int(conn.scalar(query) or 0)


def provisional(conn: Connection, version: str, after: str = "", limit: int = AT_ONCE) -> list[str]:
    """Return cases with open clocks that stand by another calendar, by id, after one."""
    given = {"version": version, "after": after, "limit": limit}
    return list(conn.scalars(_OF_OTHER_VERSION, given))


def versions(conn: Connection) -> set[str]:
    """Return the calendars by which open clocks stand."""
    query = select(clock.c.calendar_version).where(clock.c.ended_at.is_(None)).distinct()
    return set(conn.scalars(query))


def _ended_within(since: datetime, until: datetime | None) -> ColumnElement[bool]:
    is_late_enough = clock.c.ended_at >= since
    return is_late_enough if until is None else is_late_enough & (clock.c.ended_at < until)


def _after(after: tuple[str, str]) -> ColumnElement[bool]:
    instance_id, clock_id = after
    same = (clock.c.instance_id == instance_id) & (clock.c.clock_id > clock_id)
    return (clock.c.instance_id > instance_id) | same


def _with_entries(rows: Iterable[Row[Any]], entries: Iterable[Row[Any]]) -> list[Clock]:
    ledgers: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for row in entries:
        ledgers[row.instance_id, row.clock_id].append(Entry(*tuple(row)[2:]))
    return [_clock(row, tuple(ledgers[row.instance_id, row.clock_id])) for row in rows]


def _clock(row: Row[Any], entries: tuple[Entry, ...]) -> Clock:
    values = row._asdict()
    del values["by_hours"]
    return Clock(**values | {"provisional": bool(values["provisional"])}, entries=entries)
