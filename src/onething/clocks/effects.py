"""What a command did to clocks, as the event tells it, and back again. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from onething.clocks.clock import Clock
from onething.clocks.ledger import Entry
from onething.clocks.register import Change, Register

_MOVING = ("promised", "statutory_due_at", "promised_due_at", "provisional", "ended_at")
_FIXED = (
    "owner",
    "item_id",
    "token",
    "department",
    "kind",
    "started_on",
    "started_at",
    "statutory",
    "jurisdiction",
    "basis",
)
_DATES = {"started_on": date, "first": date, "last": date}
_INSTANTS = ("started_at", "ended_at", "statutory_due_at", "promised_due_at")


def effects(register: Register) -> list[dict[str, Any]]:
    """Return what changed in a register, as JSON for the event."""
    return [_effect(register.clocks[name], one) for name, one in register.changes.items()]


def _effect(clock: Clock, change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {"clock": clock.clock_id, "state": clock.state}
    told |= {"entries": [_told(entry) for entry in change.entries]}
    told |= {name: _text(getattr(clock, name)) for name in _MOVING}
    if change.is_new:
        told["opened"] = {name: _text(getattr(clock, name)) for name in _FIXED}
    return told


def fold(
    instance_id: str,
    clocks: Mapping[str, Clock],
    effects: Iterable[Mapping[str, Any]],
    *,
    sequence: int,
    calendar_version: str,
) -> dict[str, Clock]:
    """Return the clocks of a case after one event's effects."""
    found = dict(clocks)
    for told in effects:
        clock_id = str(told["clock"])
        moved = {name: _value(name, told[name]) for name in ("state", *_MOVING)}
        if "opened" in told:
            fixed = {name: _value(name, told["opened"][name]) for name in _FIXED}
            clock = Clock(
                instance_id=instance_id,
                clock_id=clock_id,
                calendar_version=calendar_version,
                **fixed,
                **moved,
            )
        else:
            clock = replace(found[clock_id], calendar_version=calendar_version, **moved)
        entries = clock.entries
        for one in told["entries"]:
            entries = (*entries, _entry(one, len(entries) + 1, sequence))
        found[clock_id] = replace(clock, entries=entries)
    return found


_TOLD = tuple(one.name for one in fields(Entry) if one.name not in {"number", "sequence"})


def _told(entry: Entry) -> dict[str, Any]:
    told = {name: _text(getattr(entry, name)) for name in _TOLD}
    return {name: value for name, value in told.items() if value not in (None, "")}


def _entry(told: Mapping[str, Any], number: int, sequence: int) -> Entry:
    values = {name: _value(name, value) for name, value in told.items()}
    return Entry(number=number, sequence=sequence, **values)


def _text(value: Any) -> Any:  # noqa: ANN401 - a field of a clock or an entry
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, told: Any) -> Any:  # noqa: ANN401 - as above
    if told is None:
        return None
    if name in _INSTANTS:
        return datetime.fromisoformat(told)
    return date.fromisoformat(told) if name in _DATES else told
