"""Run the test tables of decisions: `fees.cases.csv` beside `fees.dmn`.

The first line names the inputs, dotted where they stand inside a context, and last, after an
`=`, the decisions asked (`=fee`). Every cell is FEEL; an empty one is null. A column `now()`
says when a case is decided: without it that is the first instant of 2026.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from onething import calendar, decisions, engine, feel
from onething.errors import InvalidInput, OnethingError

ENDING: Final = ".cases.csv"
NOW: Final = "now()"
"""Heads the column with the instant at which a case is decided."""
_NEW_YEAR: Final = datetime(2025, 12, 31, 16, tzinfo=UTC)
"""Midnight of 2026-01-01 in the legal time zone: a table gives the same on every day."""


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """One expected value that did not come."""

    file: str
    line: int
    decision: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.decision}: {self.message}"


def run(path: Path) -> tuple[int, list[CaseFailure]]:
    """Return the number of cases of a table and what failed.

    Raises:
        InvalidInput: The table has no decision column, or no model beside it.
        ModelRefused: The model cannot be read.
    """
    model_path = path.with_name(path.name.removesuffix(ENDING) + ".dmn")
    if not model_path.exists():
        raise InvalidInput(f"{path.name} has no {model_path.name} beside it")
    beside = {one.name: one.read_bytes() for one in sorted(path.parent.glob("*.dmn"))}
    model = decisions.parse_all(beside)[model_path.name]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, restval="")
        if not any(name.startswith("=") for name in rows.fieldnames or ()):
            raise InvalidInput(f"{path.name} names no decision: head a column with =decision")
        numbered = [(rows.line_num, row) for row in rows]
    failed = [one for line, row in numbered for one in _failures(path.name, line, row, model)]
    return len(numbered), failed


def _failures(
    file: str, line: int, row: dict[str, str], model: decisions.DecisionModel
) -> Iterable[CaseFailure]:
    env = environment()
    variables: dict[str, Any] = {}
    try:
        for name, cell in row.items():
            if name.strip() == NOW:
                env = replace(env, now=_instant(_value(cell, env), env.now))
            elif not name.startswith("="):
                _put(variables, name.strip().split("."), _value(cell, env))
    except OnethingError as error:
        yield CaseFailure(file, line, "input", error.message)
        return
    for name, cell in row.items():
        if name.startswith("="):
            try:
                wanted = _value(cell, env)
                found = model.evaluate(name[1:].strip(), variables, env).value
            except OnethingError as error:
                yield CaseFailure(file, line, name[1:], error.message)
                continue
            if found is not wanted and feel.equal(found, wanted) is not True:
                told, hoped = feel.text_of(found, quoted=True), feel.text_of(wanted, quoted=True)
                yield CaseFailure(file, line, name[1:], f"expected {hoped}, found {told}")


def environment() -> feel.Environment:
    """Return what the cases of a table read from outside: a fixed instant, the calendar."""
    return engine.Context(now=_NEW_YEAR, calendar=calendar.load_default()).environment()


def _instant(value: feel.Value, default: datetime) -> datetime:
    """Return the instant that a cell names; one without zone is in the legal time zone."""
    if value is None:
        return default
    moment = feel.DateTime(value, feel.Time(0, 0, 0)) if isinstance(value, feel.Date) else value
    if not isinstance(moment, feel.DateTime):
        raise InvalidInput(f"{NOW} is a date, or a date and time")
    found = datetime.fromisoformat(str(moment).partition("@")[0])
    if moment.time.is_local:
        return found.replace(tzinfo=default.tzinfo)
    offset = timedelta(seconds=moment.offset_s or 0)
    return found.replace(tzinfo=timezone(offset)).astimezone(default.tzinfo)


def _value(cell: str, env: feel.Environment) -> feel.Value:
    return feel.compile(cell).evaluate({}, env) if cell.strip() else None


def _put(variables: dict[str, Any], path: list[str], value: feel.Value) -> None:
    for part in path[:-1]:
        variables = variables.setdefault(part, {})
    variables[path[-1]] = value
