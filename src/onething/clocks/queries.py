"""Read clocks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, or_, select

from onething.clocks.clock import Clock
from onething.clocks.ledger import Entry
from onething.clocks.models import clock, clock_entry

AT_ONCE = 500
_OF_CASE = (
    select(clock)
    .where(clock.c.instance_id == bindparam("id"))
    .order_by(clock.c.started_at, clock.c.clock_id)
)
_ENTRIES_OF_CASE = (
    select(clock_entry)
    .where(clock_entry.c.instance_id == bindparam("id"))
    .order_by(clock_entry.c.clock_id, clock_entry.c.number)
)
_DUE = (
    select(clock)
    .where(
        clock.c.state == "running",
        or_(
            clock.c.statutory_due_at <= bindparam("before"),
            clock.c.promised_due_at <= bindparam("before"),
        ),
    )
    .order_by(clock.c.instance_id, clock.c.clock_id)
    .limit(bindparam("limit"))
)
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
    return _with_entries(
        conn.execute(_OF_CASE, {"id": instance_id}),
        conn.execute(_ENTRIES_OF_CASE, {"id": instance_id}),
    )


def of_cases(conn: Connection, instance_ids: Sequence[str]) -> dict[str, list[Clock]]:
    """Return the clocks of several cases with their ledgers, by case."""
    found: dict[str, list[Clock]] = {one: [] for one in instance_ids}
    rows = conn.execute(select(clock).where(clock.c.instance_id.in_(instance_ids)))
    entries = conn.execute(
        select(clock_entry)
        .where(clock_entry.c.instance_id.in_(instance_ids))
        .order_by(clock_entry.c.instance_id, clock_entry.c.clock_id, clock_entry.c.number)
    )
    for one in sorted(_with_entries(rows, entries), key=lambda one: (one.started_at, one.clock_id)):
        found[one.instance_id].append(one)
    return found


def open_due(
    conn: Connection, before: datetime, limit: int = AT_ONCE, after: tuple[str, str] = ("", "")
) -> list[Clock]:
    """Return running clocks that are due by an instant, without ledgers, by case.

    Args:
        conn: A connection.
        before: A leg that is due at this instant or earlier counts.
        limit: The most clocks to return.
        after: Case and clock after which to go on.
    """
    query = _DUE
    if after != ("", ""):
        query = query.where(_after(after))
    return [_clock(row, ()) for row in conn.execute(query, {"before": before, "limit": limit})]


def ran_out(conn: Connection, kind: str, since: datetime, before: datetime) -> list[Clock]:
    """Return clocks of a kind whose period ran out between two instants, without ledgers."""
    due = clock.c.statutory_due_at
    query = select(clock).where(clock.c.state == "expired", due >= since, due <= before)
    return [_clock(row, ()) for row in conn.execute(query.where(clock.c.kind == kind))]


def ended(conn: Connection, since: datetime, limit: int = 20_000) -> list[Clock]:
    """Return the handling clocks of items that ended since an instant, newest first."""
    is_meant = (clock.c.ended_at >= since) & (clock.c.kind == "handling")
    is_meant &= clock.c.owner == "item"
    rows = select(clock).where(is_meant).order_by(clock.c.ended_at.desc()).limit(limit)
    is_its = (clock.c.instance_id == clock_entry.c.instance_id) & (
        clock.c.clock_id == clock_entry.c.clock_id
    )
    entries = select(clock_entry).join(clock, is_its).where(is_meant)
    ordered = entries.order_by(
        clock_entry.c.instance_id, clock_entry.c.clock_id, clock_entry.c.number
    )
    return _with_entries(conn.execute(rows), conn.execute(ordered))


def second_notices(conn: Connection, since: datetime) -> dict[str, int]:
    """Count second notices to supplement whose clocks ended since an instant, by department."""
    is_its = (clock.c.instance_id == clock_entry.c.instance_id) & (
        clock.c.clock_id == clock_entry.c.clock_id
    )
    query = (
        select(clock.c.department, func.count())
        .join(clock_entry, is_its)
        .where(clock.c.ended_at >= since, clock.c.kind == "supplement")
        .where(clock_entry.c.kind == "start", clock_entry.c.approver.is_not(None))
        .group_by(clock.c.department)
    )
    return {department: count for department, count in conn.execute(query) if department}


def provisional(conn: Connection, version: str, after: str = "", limit: int = AT_ONCE) -> list[str]:
    """Return cases with open clocks that stand by another calendar, by id, after one."""
    given = {"version": version, "after": after, "limit": limit}
    return list(conn.scalars(_OF_OTHER_VERSION, given))


def versions(conn: Connection) -> set[str]:
    """Return the calendars by which open clocks stand."""
    query = select(clock.c.calendar_version).where(clock.c.ended_at.is_(None)).distinct()
    return set(conn.scalars(query))


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
    return Clock(**values | {"provisional": bool(values["provisional"])}, entries=entries)
