"""Notices: the files that say which days of a year are worked and which are not.

A notice names its jurisdiction (``CN``, or a finer one such as ``CN-37``), its year, and either
the number of the official notice or the source that it was taken from.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from onething.errors import CalendarError

_JURISDICTION = re.compile(r"[A-Z]{2}(?:-[0-9A-Z]{1,12})*")
_KEYS = frozenset(
    {"jurisdiction", "year", "notice", "source", "title", "issued_on", "holidays", "hours"}
)
_HOLIDAY_KEYS = frozenset({"name", "first", "last", "make_up"})
_SERVICE_KEYS = frozenset({"office", "open", "closed"})
_SATURDAY = 5
_MOST_DAYS = 40
"""The longest holiday that is taken for one; a longer one is a mistyped date."""
LARGEST = 100_000
"""Bytes of the largest file that is read as a notice."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The exceptions of one year in one jurisdiction."""

    jurisdiction: str
    year: int
    number: str
    """Number of the official notice; empty where the days come from another source."""
    source: str = ""
    """Where the days come from, when no official notice is named."""
    rest: Mapping[date, str] = field(default_factory=dict)
    """Days of rest, with the holiday's name."""
    work: Mapping[date, str] = field(default_factory=dict)
    """Make-up working days, with the holiday that they make up for."""
    service: Mapping[tuple[str, date], bool] = field(default_factory=dict)
    """Days on which an office serves (true) or not, whatever the legal day is."""
    hours: tuple[tuple[time, time], ...] = ()
    """Office hours of the year's working days; empty leaves them as they are."""


def parse_notice(text: str, name: str) -> Notice:
    """Read one notice.

    Args:
        text: TOML, as the shipped files are written.
        name: The file's name, for messages.

    Raises:
        CalendarError: The text is no notice, names a day twice, a make-up day that is a weekday,
            or a day of another year.
    """
    if len(text) > LARGEST:
        raise CalendarError(f"{name} is larger than {LARGEST} characters: it is no notice")
    try:
        data = tomllib.loads(text)
        notice = _read(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CalendarError(f"{name} is no holiday notice: {error}") from error
    except CalendarError as error:
        raise CalendarError(f"{name}: {error}") from error
    return notice


def _read(data: Mapping[str, Any]) -> Notice:
    _require_known(data, _KEYS | {"service"}, "the notice")
    jurisdiction, year = data["jurisdiction"], data["year"]
    if not _JURISDICTION.fullmatch(jurisdiction):
        raise CalendarError(f"no jurisdiction like CN or CN-37: {jurisdiction!r}")
    if type(year) is not int or not date.min.year <= year <= date.max.year:
        raise CalendarError(f"no year: {year!r}")
    number, source = str(data.get("notice", "")), str(data.get("source", ""))
    if not number and not source:
        raise CalendarError("the notice names neither its number nor a source")
    rest, work = _holidays(data.get("holidays", ()), year)
    service = _services(data.get("service", ()), year)
    hours = _hours(data.get("hours", ()))
    return Notice(jurisdiction, year, number, source, rest, work, service, hours)


def _hours(texts: Iterable[str]) -> tuple[tuple[time, time], ...]:
    """Read office hours such as ``09:00-12:00``: in order, none in another."""
    found: list[tuple[time, time]] = []
    for text in texts:
        first, _, last = text.partition("-")
        opens, closes = time.fromisoformat(first), time.fromisoformat(last)
        if opens >= closes or (found and opens < found[-1][1]):
            raise CalendarError(f"the office hours {text} are reversed or overlap those before")
        found.append((opens, closes))
    return tuple(found)


def _require_known(found: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    unknown = sorted(set(found) - set(known))
    if unknown:
        raise CalendarError(f"{where} has an unknown entry: {', '.join(unknown)}")


def _holidays(
    entries: Iterable[Mapping[str, Any]], year: int
) -> tuple[dict[date, str], dict[date, str]]:
    rest: dict[date, str] = {}
    work: dict[date, str] = {}
    for entry in entries:
        name = entry["name"]
        _require_known(entry, _HOLIDAY_KEYS, name)
        for day in _range(entry):
            _put(rest, day, name, year)
        for day in entry["make_up"]:
            _put(work, day, name, year)
            if day.weekday() < _SATURDAY:
                raise CalendarError(f"{name}: the make-up day {day} is a weekday")
    twice = sorted(rest.keys() & work.keys())
    if twice:
        raise CalendarError(f"{twice[0]} is a holiday and a make-up day")
    return rest, work


def _put(days: dict[date, str], day: date, name: str, year: int) -> None:
    if type(day) is not date or day.year != year:
        raise CalendarError(f"{name}: {day} is no day of {year}")
    if day in days:
        raise CalendarError(f"{name}: {day} stands twice")
    days[day] = name


def _range(entry: Mapping[str, Any]) -> list[date]:
    """Return the days of a holiday's inclusive range."""
    first, last = entry["first"], entry["last"]
    if not type(first) is type(last) is date or last < first:
        raise CalendarError(f"{entry['name']}: from {first} to {last}")
    if (last - first).days >= _MOST_DAYS:
        raise CalendarError(f"{entry['name']}: longer than {_MOST_DAYS} days")
    return [first + timedelta(days=index) for index in range((last - first).days + 1)]


def _services(entries: Iterable[Mapping[str, Any]], year: int) -> dict[tuple[str, date], bool]:
    found: dict[tuple[str, date], bool] = {}
    for entry in entries:
        _require_known(entry, _SERVICE_KEYS, "a service")
        days: dict[date, str] = {}
        for is_open in (True, False):
            for day in entry.get("open" if is_open else "closed", ()):
                _put(days, day, str(entry["office"]), year)
                found[entry["office"], day] = is_open
    return found
