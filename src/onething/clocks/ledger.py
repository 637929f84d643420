"""The ledger of one clock: when it began, what moved it, when it is over and why. Pure.

A ledger only grows. A pause runs from the day on which it is entered up to the day before the
one that a resumption names: the first that counts again.

Source: 行政许可法 42 (extension), 45 (time that does not count), 82; 民法典 201, 203.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from onething import calendar as legal
from onething.calendar import Calendar, DayKind, DueDate, Limit, Pause, parse_limit

EntryKind = Literal[
    "start",
    "pause",
    "resume",
    "extension",
    "exclusion",
    "deemed",
    "permit",
    "shared",
    "stop",
    "redated",
]
"""permit: the department of an ended supplement clock may send a second notice. shared: the notice
asks for a material that shared data supply; the reason names it."""
Move = Literal["resume", "extension", "year"]
"""What would move a due date: the end of a pause, an extension that is still possible, the
notice of a year that has none yet."""
PAUSING = ("pause", "exclusion")
_ONE_DAY = timedelta(days=1)
_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger."""

    number: int
    """From 1, in the order of entry."""
    kind: EntryKind
    first: date
    """The legal day from which it holds. Of a resumption: the first day that counts again; of a
    deemed acceptance: the day it goes back to."""
    last: date | None = None
    """Last day of a pause that was known beforehand; None while nobody knows. Of a deemed
    acceptance: the day on which the law stepped in. Of a redating: the new due day."""
    limit: str | None = None
    """What an extension adds."""
    reason: str = ""
    """Public words."""
    approver: str | None = None
    basis: str = ""
    sequence: int = 0
    """Number of the event that wrote it."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day between the beginning of a clock and its due day, and how it was counted."""

    on: date
    number: int | None
    """The running number of a day that counts, else None."""
    kind: DayKind
    holiday: str
    pause: Entry | None
    """The pause for which the day does not count."""


def limits(text: str) -> tuple[Limit, ...]:
    """Read one limit, or several that run one after the other: `ND(15)+WD(1)`.

    Raises:
        CalendarError: A part is no limit.
    """
    return tuple(parse_limit(part) for part in text.split("+"))


@dataclass(frozen=True, slots=True)
class Ledger:
    """One leg of a clock: its first day, its limit and everything that moved it."""

    started_on: date
    limit: str
    """One limit, or several that run one after the other."""
    entries: tuple[Entry, ...] = ()

    def pauses(self, today: date | None = None) -> list[Pause]:
        """Return the days that do not count, as first and last day of each pause.

        An open pause lasts up to `today`; without one, its first day alone is certain.
        """
        return [(entry.first, last) for entry, last in self._spans(today) if last >= entry.first]

    @property
    def open_pauses(self) -> list[Entry]:
        """The pauses that nobody has ended yet, in the order of entry."""
        return [entry for entry, last in self._paired() if last is None]

    @property
    def is_extended(self) -> bool:
        """Whether the one extension that the law allows was used."""
        return any(entry.kind == "extension" for entry in self.entries)

    @property
    def parts(self) -> tuple[Limit, ...]:
        """The limits that run one after the other, extensions added."""
        found = list(limits(self.limit))
        for entry in self.entries:
            if entry.kind == "extension" and entry.limit:
                _lengthen(found, parse_limit(entry.limit))
        return tuple(found)

    @property
    def counts_days(self) -> bool:
        """Whether it ends with a day; else within one, by office hours."""
        return all(part.counts_days for part in self.parts)

    def due(
        self, calendar: Calendar, jurisdiction: str = "CN", *, today: date | None = None
    ) -> DueDate:
        """Return the last day of the clock.

        Raises:
            CalendarError: The limit cannot be read, or the date leaves the calendar.
        """
        pauses = self.pauses(today)
        on, provisional = self._first_day(pauses), False
        for part in self.parts:
            found = legal.due(on, part, calendar, pauses, jurisdiction=jurisdiction)
            on, provisional = found.on, provisional or found.provisional
        return DueDate(on, provisional)

    def due_by(
        self,
        due_at: datetime,
        calendar: Calendar,
        zone: ZoneInfo,
        jurisdiction: str = "CN",
        *,
        today: date | None = None,
    ) -> DueDate:
        """Return the last day of a clock whose due instant is known: of hours, the day it is on."""
        if self.counts_days:
            return self.due(calendar, jurisdiction, today=today)
        on = (due_at - _AN_INSTANT).astimezone(zone).date()
        return DueDate(on, not calendar.has_year(on.year, jurisdiction))

    def due_at(
        self,
        calendar: Calendar,
        zone: ZoneInfo,
        jurisdiction: str = "CN",
        *,
        today: date | None = None,
        started_at: datetime | None = None,
    ) -> datetime:
        """Return the first instant, in UTC, that is too late.

        `started_at` matters to limits shorter than a day; it is left out where the clock
        began on another day than the instant's.
        """
        pauses = self.pauses(today)
        *before, last = self.parts
        on = self._first_day(pauses)
        for part in before:
            on = legal.due(on, part, calendar, pauses, jurisdiction=jurisdiction).on
        start = datetime.combine(on, time(), zone)
        if started_at is not None and started_at.astimezone(zone).date() == on:
            start = started_at
        return legal.due_at(start, last, calendar, zone, pauses, jurisdiction=jurisdiction)

    def explain(
        self, calendar: Calendar, jurisdiction: str = "CN", *, today: date | None = None
    ) -> list[Day]:
        """List every day after the first one up to the due day, with its reason; none of hours."""
        if not self.counts_days:
            return []
        pauses = self.pauses(today)
        days: list[Day] = []
        on = self._first_day(pauses)
        for part in self.parts:
            counted = legal.explain(on, part, calendar, pauses, jurisdiction=jurisdiction)
            paused = dict(self._paused_days(today))
            days += [
                Day(one.on, one.number, one.kind, one.holiday, paused.get(one.on))
                for one in counted
            ]
            on = counted[-1].on if counted else on
        return days

    def moves(
        self, calendar: Calendar, jurisdiction: str = "CN", *, today: date | None = None
    ) -> list[Move]:
        """Name what would still move the due day."""
        found: list[Move] = []
        if self.open_pauses:
            found.append("resume")
        if self.counts_days and not self.is_extended:
            found.append("extension")
        if self.counts_days and self.due(calendar, jurisdiction, today=today).provisional:
            found.append("year")
        return found

    def _first_day(self, pauses: list[Pause]) -> date:
        """Return the day from which days count: what is due on the day itself waits a pause out."""
        on = self.started_on
        if self.parts[0].n == 0:
            for first, last in sorted(pauses):
                on = last + _ONE_DAY if first <= on <= last else on
        return on

    def _paired(self) -> Iterator[tuple[Entry, date | None]]:
        """Yield every pause with its last day, None for an open one.

        A resumption ends the newest open pause of the same reason, else the newest one.
        """
        paused: list[tuple[Entry, date | None]] = []
        for entry in self.entries:
            if entry.kind in PAUSING:
                paused.append((entry, entry.last))
            elif entry.kind == "resume":
                at = _ended_by(entry, paused)
                if at is not None:
                    paused[at] = (paused[at][0], entry.first - _ONE_DAY)
        yield from paused

    def _spans(self, today: date | None) -> Iterator[tuple[Entry, date]]:
        for entry, last in self._paired():
            yield entry, last or max(entry.first, today or entry.first)

    def _paused_days(self, today: date | None) -> Iterator[tuple[date, Entry]]:
        for entry, last in self._spans(today):
            for index in range((last - entry.first).days + 1):
                yield entry.first + index * _ONE_DAY, entry


def _ended_by(resume: Entry, paused: list[tuple[Entry, date | None]]) -> int | None:
    """Return the index of the pause that a resumption ends."""
    waiting = [at for at, (_entry, last) in enumerate(paused) if last is None]
    same = [at for at in waiting if paused[at][0].reason == resume.reason]
    chosen = same or waiting
    return chosen[-1] if chosen else None


def _lengthen(parts: list[Limit], extension: Limit) -> None:
    """Add an extension: days of the last limit's kind lengthen it, others follow it."""
    if parts[-1].kind == extension.kind:
        parts[-1] = Limit(extension.kind, parts[-1].n + extension.n)
    else:
        parts.append(extension)
