"""Write clocks."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from onething import db
from onething.clocks.clock import Clock
from onething.clocks.ledger import Entry
from onething.clocks.models import clock, clock_entry
from onething.clocks.register import Register

_COLUMNS = tuple(one.name for one in fields(Clock) if one.name != "entries")
_CHANGING = (
    "promised",
    "statutory_due_at",
    "promised_due_at",
    "provisional",
    "state",
    "ended_at",
    "calendar_version",
)
_INSERT = insert(clock)
_INSERT_ENTRY = insert(clock_entry)
_UPDATE = (
    update(clock)
    .where(clock.c.instance_id == bindparam("of_case"), clock.c.clock_id == bindparam("of_clock"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_STAMP = (
    update(clock)
    .where(clock.c.instance_id == bindparam("of_case"), clock.c.ended_at.is_(None))
    .values(calendar_version=bindparam("version"))
)


def save(conn: Connection, registers: Iterable[Register]) -> None:
    """Write what commands changed in the clocks of their cases."""
    added: list[Clock] = []
    moved: list[Clock] = []
    entries: list[tuple[Clock, Entry]] = []
    for register in registers:
        for clock_id, change in register.changes.items():
            one = register.clocks[clock_id]
            (added if change.is_new else moved).append(one)
            entries += [(one, entry) for entry in change.entries]
    db.write(conn, _UPDATE, [_moved(one) for one in moved])
    db.write(conn, _INSERT, [_row(one) for one in added])
    db.write(conn, _INSERT_ENTRY, [_entry_row(one, entry) for one, entry in entries])


def stamp(conn: Connection, instance_ids: Sequence[str], version: str) -> None:
    """Note that the open clocks of cases stand by a calendar; their due dates stay."""
    if instance_ids:
        conn.execute(_STAMP, [{"of_case": one, "version": version} for one in instance_ids])


def _row(one: Clock) -> dict[str, Any]:
    flags = {"provisional": int(one.provisional), "by_hours": int(not one.counts_days)}
    return {name: getattr(one, name) for name in _COLUMNS} | flags


def _moved(one: Clock) -> dict[str, Any]:
    values = _row(one)
    key = {"of_case": one.instance_id, "of_clock": one.clock_id}
    return key | {f"new_{name}": values[name] for name in _CHANGING}


def _entry_row(one: Clock, entry: Entry) -> dict[str, Any]:
    values = {each.name: getattr(entry, each.name) for each in fields(Entry)}
    return {"instance_id": one.instance_id, "clock_id": one.clock_id, **values}
