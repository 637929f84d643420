"""Made-up cases without histories: the rows of a played case under other names and dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from onething.cases import case_number
from onething.feel.json import canonical
from onething.history import GENESIS
from onething.testing.generation.people import made_up_title
from onething.testing.generation.studio import Rows, Take

LEFT_OUT = frozenset({"event", "event_value", "case_key", "snapshot", "outbox", "notice"})
"""What a clone lacks: its history, what is sealed under a key that it has not, finished jobs."""
SEALED = ("sealed_reason", "sealed_name", "sealed_reply", "sealed_review")
FIRST_RUNNING = 50_000
"""Running numbers of a day from here on; those below are drawn by cases that were played."""
_APPLICANTS = 50_000
_SOON = timedelta(days=1)
_OPEN_DAYS = 40
_LATER = timedelta(days=1_100)
_CLOSED_DAYS = 730
_DUE = ("due_at", "statutory_due_at", "promised_due_at")
_NUMBER = re.compile(r"\d+(?=\D*$)")


@dataclass(frozen=True, slots=True)
class Name:
    """What one clone has to itself, by the token that stands for it in a pattern."""

    values: dict[str, str]


INSTANCE, CASE_NO, QUERY_CODE, TITLE, APPLICANT, SUBJECT, SERIAL = (f"\x02{n}" for n in "INQTASD")
"""Tokens; the last stands for a running number inside a document's number."""
_TOKENS = (INSTANCE, CASE_NO, QUERY_CODE, TITLE, APPLICANT, SUBJECT, SERIAL)
_EVERYWHERE = {"instance_id": INSTANCE, "case_no": CASE_NO}
_OF_TABLE = {
    "case": {"query_code": QUERY_CODE, "title": TITLE, "submitted_by": APPLICANT},
    "open_subject": {"subject": SUBJECT},
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """The rows of a played case, moved by whole days, with tokens for what each clone varies."""

    take: Take
    on: date
    """The day on which the clones are submitted."""
    rows: Rows

    def names(self, count: int, namer: "Namer") -> list[Name]:
        """Return so many names."""
        case = self.take.rows["case"][0]
        return [
            namer.draw(case["region"] or "", self._theme, self.on, case["name"])
            for _ in range(count)
        ]

    @property
    def _theme(self) -> str:
        return str(self.take.rows["case"][0]["case_no"][7:10])


class Namer:
    """Draws names that no other clone has; ids ascend, as the rows are loaded."""

    def __init__(self, random: Random, total: int) -> None:
        self._random = random
        self._stride = 16**24 // (total + 2)
        self._count = 0
        self._running: dict[tuple[str, str, date], int] = {}

    def draw(self, region: str, theme: str, on: date, service: str) -> Name:
        """Return the next name."""
        self._count += 1
        random = self._random
        scope = (region, theme, on)
        running = self._running[scope] = self._running.get(scope, FIRST_RUNNING - 1) + 1
        low = self._count * self._stride
        return Name(
            {
                INSTANCE: f"{low + random.randrange(self._stride):024x}",
                CASE_NO: case_number(region, theme, on, running),
                QUERY_CODE: f"{random.getrandbits(256):064x}",
                TITLE: made_up_title(service, random),
                APPLICANT: f"made-up-{random.randrange(_APPLICANTS):05d}",
                SUBJECT: f"{random.getrandbits(256):064x}",
                SERIAL: str(FIRST_RUNNING * 1_000 + self._count),
            }
        )


def pattern(take: Take, on: date, now: datetime) -> Pattern:
    """Move a played case to a day of submission; what still runs on it is due in the future."""
    days = timedelta(days=(on - take.rows["case"][0]["submitted_at"].date()).days)
    rows = {
        table: [_moved(table, place, row, days) for place, row in enumerate(found)]
        for table, found in take.rows.items()
        if table not in LEFT_OUT
    }
    if not take.plan.is_late:
        _put_off(rows, now)
    return Pattern(take, on, rows)


def open_day(take: Take, now: datetime, random: Random) -> date:
    """Draw a day of submission on which nothing of an open case is overdue yet, but soon will be.

    A case that supervision has warned of is overdue all the same.
    """
    submitted: datetime = take.rows["case"][0]["submitted_at"]
    latest = now - timedelta(hours=30)
    if take.plan.is_late:
        moved: datetime = (
            max(row["raised_at"] for row in take.rows["card"]) if "card" in take.rows else now
        )
        return (latest - (moved - submitted) - timedelta(days=random.randrange(20))).date()
    dues = sorted(_dues(take))
    span = dues[0] - submitted - _SOON if dues else timedelta(days=_OPEN_DAYS)
    back = max(0, min(span.days, _OPEN_DAYS))
    return (latest - timedelta(days=random.randint(0, back))).date()


def closed_day(take: Take, now: datetime, random: Random) -> date:
    """Draw a day of submission within two years, such that the case is closed by now."""
    first: datetime = take.rows["case"][0]["submitted_at"]
    took: timedelta = take.rows["instance"][0]["updated_at"] - first
    latest = now - took - timedelta(hours=30)
    return (latest - timedelta(days=random.randrange(_CLOSED_DAYS))).date()


def texts(pattern_: Pattern, names: list[Name]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield table, columns and rows in the text format of PostgreSQL's COPY."""
    for table, rows in pattern_.rows.items():
        columns = tuple(rows[0])
        text = "".join("\t".join(copied(row[column]) for column in columns) + "\n" for row in rows)
        used = [token for token in _TOKENS if token in text]
        parts = []
        for name in names:
            part = text
            for token in used:
                part = part.replace(token, name.values[token])
            parts.append(part)
        yield table, columns, "".join(parts)


def named(pattern_: Pattern, names: list[Name]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield table and rows as values."""
    for table, rows in pattern_.rows.items():
        found = []
        for name in names:
            found += [{key: _filled(value, name) for key, value in row.items()} for row in rows]
        yield table, found


def _put_off(rows: Rows, now: datetime) -> None:
    """Let nothing be overdue that machines would look at: sweeps are measured as they idle."""
    running = [row for row in rows.get("clock", ()) if row["state"] == "running"]
    for row in (*rows.get("timer", ()), *running):
        for column in _DUE:
            if row.get(column) is not None and row[column] < now:
                row[column] += _LATER


def _moved(table: str, place: int, row: dict[str, Any], days: timedelta) -> dict[str, Any]:
    tokens = _EVERYWHERE | _OF_TABLE.get(table, {})
    made = {
        column: None
        if column in SEALED or value is None
        else value + days
        if isinstance(value, date)
        else tokens.get(column, value)
        for column, value in row.items()
    }
    if table == "document":
        made["number"] = _NUMBER.sub(f"{SERIAL}{place}", row["number"])
    if table == "instance":
        made |= {"sequence": 0, "hash": GENESIS, "snapshot_sequence": 0}
    return made


def _dues(take: Take) -> Iterator[datetime]:
    for table, live in (("task", ("open", "claimed")), ("clock", ("running",)), ("timer", None)):
        for row in take.rows.get(table, ()):
            if live is None or row["state"] in live:
                yield from (row[column] for column in _DUE if row.get(column) is not None)


def copied(value: Any) -> str:  # noqa: ANN401 - any value of a column
    """Write a value in the text format of PostgreSQL's COPY."""
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, dict | list):
        value = canonical(value).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _filled(value: Any, name: Name) -> Any:  # noqa: ANN401 - any value of a column
    if not isinstance(value, str) or "\x02" not in value:
        return value
    for token, own in name.values.items():
        value = value.replace(token, own)
    return value
