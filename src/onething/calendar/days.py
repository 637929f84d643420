"""Which days are working days, from the yearly notices."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal

from onething.calendar.notices import Notice, parse_notice
from onething.errors import CalendarError

DayKind = Literal["working", "make-up", "weekend", "holiday"]
"""Make-up days are weekend days on which people work; the two first kinds are working days."""

OFFICE_HOURS = ((time(9), time(12)), (time(13, 30), time(17)))
"""Office hours where no notice says others. An assumption: the law leaves them to each office."""
_SATURDAY = 5
_DECEMBER = 12
_DIVISION = 6


@dataclass(slots=True)
class _Table:
    """What one jurisdiction says itself: its notices by year, its exceptions by day."""

    notices: dict[int, str] = field(default_factory=dict)
    rest: dict[date, str] = field(default_factory=dict)
    work: dict[date, str] = field(default_factory=dict)
    service: dict[tuple[str, date], bool] = field(default_factory=dict)
    hours: dict[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)


class Calendar:
    """Working days by jurisdiction; a finer one (``CN-37``) adds to the wider (``CN``).

    A year without a notice is *provisional*: only Saturday and Sunday are days of rest.
    """

    def __init__(self, notices: Iterable[Notice], home: str = "") -> None:
        self._tables: dict[str, _Table] = {}
        self._years: dict[tuple[str, int], list[int]] = {}
        self._chains: dict[str, list[_Table]] = {}
        self._known: dict[tuple[str, int], bool] = {}
        self._home = home
        self._within: dict[str, Calendar] = {}
        ordered = sorted(notices, key=lambda notice: (notice.jurisdiction, notice.year))
        self._notices = tuple(ordered)
        for notice in ordered:
            self._add(notice)
        self.version = _version(ordered)
        """Changes whenever any day of the data changes; recorded with every step."""

    def _add(self, notice: Notice) -> None:
        table = self._tables.setdefault(notice.jurisdiction, _Table())
        if notice.year in table.notices:
            raise CalendarError(f"two notices for {notice.jurisdiction} {notice.year}")
        table.notices[notice.year] = notice.number or f"source: {notice.source}"
        table.rest.update(notice.rest)
        table.work.update(notice.work)
        table.service.update(notice.service)
        if notice.hours:
            table.hours[notice.year] = notice.hours

    def replaced(self, notice: Notice) -> "Calendar":
        """Return this calendar with a notice, instead of the one of the same year if any."""
        same = (notice.jurisdiction, notice.year)
        kept = [one for one in self._notices if (one.jurisdiction, one.year) != same]
        return Calendar([*kept, notice])

    def within(self, jurisdiction: str) -> "Calendar":
        """Return this calendar as it holds in a jurisdiction: what is asked of wider ones, too."""
        home = self._finest(jurisdiction)
        if "-" not in home:
            return self
        if home not in self._within:
            self._within[home] = Calendar(self._notices, home)
        return self._within[home]

    def _finest(self, jurisdiction: str) -> str:
        """Return the finest jurisdiction round a place that says something itself."""
        parts = jurisdiction.split("-")
        names = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((name for name in names if name in self._tables), "")

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices, by jurisdiction and year."""
        return self._notices

    def is_working_day(self, day: date, jurisdiction: str = "CN") -> bool:
        """Tell whether offices work on this day.

        Raises:
            CalendarError: nothing is known of the jurisdiction.
        """
        return self.kind(day, jurisdiction)[0] in {"working", "make-up"}

    def kind(self, day: date, jurisdiction: str = "CN") -> tuple[DayKind, str]:
        """Return what kind of day this is, and the holiday's name or an empty text."""
        for table in self._chain(jurisdiction):
            if day in table.rest:
                return "holiday", table.rest[day]
            if day in table.work:
                return "make-up", table.work[day]
        return ("weekend" if day.weekday() >= _SATURDAY else "working"), ""

    def is_service_day(self, day: date, office: str, jurisdiction: str = "CN") -> bool:
        """Tell whether an office serves people on this day.

        It does on working days and on no others, unless a notice says so of this office: a
        marriage office may serve on a festival day, on which no legal period counts.
        """
        for table in self._chain(jurisdiction):
            said = table.service.get((office, day))
            if said is not None:
                return said
        return self.is_working_day(day, jurisdiction)

    def hours(self, year: int, jurisdiction: str = "CN") -> tuple[tuple[time, time], ...]:
        """Return the office hours of a year's working days: from, to; in order."""
        for table in self._chain(jurisdiction):
            if year in table.hours:
                return table.hours[year]
        return OFFICE_HOURS

    def has_year(self, year: int, jurisdiction: str = "CN") -> bool:
        """Tell whether the year's notice is known: that of the widest jurisdiction that speaks.

        A province's own holiday does not say what the country's are.
        """
        key = (jurisdiction, year)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = year in self._chain(jurisdiction)[-1].notices
        return known

    def notice(self, year: int, jurisdiction: str = "CN") -> str | None:
        """Return the number of the year's notice, or None for a provisional year."""
        for table in self._chain(jurisdiction):
            if year in table.notices:
                return table.notices[year]
        return None

    def missing_year(self, today: date, jurisdiction: str = "CN") -> int | None:
        """Return the year whose notice should be here by now and is not, else None.

        The notice of a year appears in the November before; from 1 December on it is missed.
        """
        wanted = today.year + (today.month == _DECEMBER)
        years = range(today.year, wanted + 1)
        return next((year for year in years if not self.has_year(year, jurisdiction)), None)

    def working_day_after(self, day: int, n: int, jurisdiction: str = "CN") -> int:
        """Return the n-th (n ≥ 1) working day after a day, both as proleptic ordinals.

        Raises:
            CalendarError: the day lies beyond the year 9999.
        """
        year = _year(day)
        days = self._working(jurisdiction, year)
        position = bisect_right(days, day) + n - 1
        while position >= len(days):
            position -= len(days)
            year += 1
            days = self._working(jurisdiction, year)
        return days[position]

    def count_working_days(self, after: int, until: int, jurisdiction: str = "CN") -> int:
        """Count the working days d with ``after < d <= until`` (ordinals); 0 when reversed."""
        if until <= after:
            return 0
        count = -bisect_right(self._working(jurisdiction, _year(after)), after)
        for year in range(_year(after), _year(until)):
            count += len(self._working(jurisdiction, year))
        return count + bisect_right(self._working(jurisdiction, _year(until)), until)

    def _chain(self, jurisdiction: str) -> list[_Table]:
        """Return the tables that speak for a jurisdiction, the finest first."""
        known = self._chains.get(jurisdiction)
        if known is not None:
            return known
        is_wider = self._home.startswith(f"{jurisdiction}-")
        parts = (self._home if is_wider else jurisdiction).split("-")
        names = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
        found = [self._tables[name] for name in names if name in self._tables]
        if not found:
            raise CalendarError(f"no calendar of the jurisdiction {jurisdiction!r}")
        self._chains[jurisdiction] = found
        return found

    def _working(self, jurisdiction: str, year: int) -> list[int]:
        """Return the ordinals of a year's working days, sorted; computed once."""
        key = (jurisdiction, year)
        days = self._years.get(key)
        if days is None:
            if year > date.max.year:
                raise CalendarError("the due date lies beyond the year 9999")
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            days = [
                ordinal
                for ordinal in range(first, last + 1)
                if self.is_working_day(date.fromordinal(ordinal), jurisdiction)
            ]
            self._years[key] = days
        return days


def jurisdiction_of(division: str | None) -> str:
    """Return the jurisdiction of a division: province, city and county of the code's six digits.

    `370502` is `CN-37-05-02`, for which a notice of `CN-37-05` speaks before that of `CN`; what
    is no code is the whole country.
    """
    code = (division or "")[:_DIVISION]
    if len(code) < _DIVISION or not (code.isascii() and code.isdigit()):
        return "CN"
    return f"CN-{code[:2]}-{code[2:4]}-{code[4:6]}"


def load(directory: Traversable) -> Calendar:
    """Read every ``*.toml`` notice of a directory.

    Raises:
        CalendarError: a file is no notice, or two files speak of the same year.
    """
    return Calendar(_notices(directory))


def _notices(directory: Traversable) -> list[Notice]:
    files = sorted(
        (entry for entry in directory.iterdir() if entry.name.endswith(".toml")),
        key=lambda entry: entry.name,
    )
    return [parse_notice(entry.read_text(encoding="utf-8"), entry.name) for entry in files]


@cache
def load_default() -> Calendar:
    """Return the calendar that ships with the package: mainland China, 2004–2026."""
    return load(resources.files(__package__) / "data")


@cache
def load_versions() -> Mapping[str, Calendar]:
    """Return the shipped calendars by version: as they stood after each official notice.

    A new year's notice makes a new version; what was counted before it came can be counted
    again by the version of its day. The years that come from another source than a notice
    belong to the newest version only.
    """
    official = sorted(
        (one for one in load_default().notices if one.number), key=lambda one: one.year
    )
    stages = [Calendar(official[:length]) for length in range(1, len(official) + 1)]
    return {stage.version: stage for stage in [*stages, load_default()]}


def _version(notices: Iterable[Notice]) -> str:
    """Name the data: their last year and a hash over every exception."""
    digest = hashlib.sha256()
    years = [0]
    for notice in notices:
        years.append(notice.year)
        rest = " ".join(sorted(map(str, notice.rest)))
        work = " ".join(sorted(map(str, notice.work)))
        named = notice.number or notice.source
        line = f"{notice.jurisdiction} {notice.year} {named}: {rest} / {work}\n"
        digest.update(line.encode())
        digest.update(" ".join(f"{first}-{last}" for first, last in notice.hours).encode())
        for (office, day), is_open in sorted(notice.service.items()):
            digest.update(f"{office} {day} {is_open}\n".encode())
    return f"{max(years)}-{digest.hexdigest()[:12]}"


def _year(ordinal: int) -> int:
    try:
        return date.fromordinal(ordinal).year
    except (ValueError, OverflowError) as error:
        raise CalendarError("the day lies outside the years 1 to 9999") from error
