"""When a legal period ends, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from onething.calendar.days import Calendar, DayKind
from onething.calendar.hours import after_hours
from onething.calendar.limits import Limit
from onething.errors import CalendarError

Pause = tuple[date, date]
"""A lawful pause: first and last day, both inclusive; none of its days counts."""

_LAST = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class DueDate:
    """The last day of a period."""

    on: date
    """The period ends at 24:00 of this day; for a public notice: its last full day."""
    provisional: bool
    """A year without a notice was needed; to be computed again when the notice arrives."""


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day between the event and the due date, and how it was counted."""

    on: date
    number: int | None
    """The running number of a day that counts, else None."""
    kind: DayKind
    holiday: str
    paused: bool


def due(
    start: date,
    limit: Limit,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    *,
    jurisdiction: str = "CN",
) -> DueDate:
    """Return the last day of the period that an event on ``start`` begins.

    The day of the event does not count. ``WD`` counts working days; ``ND`` counts every day
    and moves its end off a day of rest; ``PN`` counts every day and its end stays. A limit of
    0 days ends on the day itself (for ``ND``: rolled). Days of a pause do not count, nor does
    a period end on one.

    Raises:
        CalendarError: a pause ends before it begins, or the date leaves the year 9999.

    Source: 民法典 201, 203; 行政许可法 45, 82.
    """
    if isinstance(start, datetime):
        raise CalendarError("a period starts on a date; use due_at for an instant")
    if not limit.counts_days:
        raise CalendarError(f"{limit} is counted in office hours, from an instant and not a day")
    merged = _merge(pauses)
    first = start.toordinal()
    if limit.kind == "WD":
        end = _working(first, limit.n, calendar, merged, jurisdiction)
        return DueDate(date.fromordinal(end), _provisional(start.year, end, calendar, jurisdiction))
    last_counted = _natural(first, limit.n, merged)
    # The end of a notice stays, yet the next step waits for a working day after it.
    asked = last_counted + 1 if limit.kind == "PN" else last_counted
    rolled = _roll(asked, calendar, merged, jurisdiction)
    unsure = _provisional(date.fromordinal(asked).year, rolled, calendar, jurisdiction)
    return DueDate(date.fromordinal(last_counted if limit.kind == "PN" else rolled), unsure)


def due_at(  # noqa: PLR0913 - the contract names the zone beside the arguments of `due`
    start: datetime,
    limit: Limit,
    calendar: Calendar,
    zone: ZoneInfo,
    pauses: Iterable[Pause] = (),
    *,
    jurisdiction: str = "CN",
) -> datetime:
    """Return the first instant, in UTC, at which the period is over.

    The legal day is the day of the zone. ``WD`` and ``ND`` end at 24:00 of the due day;
    after ``PN`` the next step begins with the first working day after the full days. ``WH`` and
    ``WM`` run while offices work.

    Raises:
        CalendarError: ``start`` has no zone, and as `due`.
    """
    if start.tzinfo is None:
        raise CalendarError("the instant that starts a period needs a zone")
    pauses = list(pauses)
    if not limit.counts_days:
        paused = _merge(pauses)
        return after_hours(start, limit, calendar, zone, paused, jurisdiction=jurisdiction)
    last = due(start.astimezone(zone).date(), limit, calendar, pauses, jurisdiction=jurisdiction).on
    over = last.toordinal() + 1
    if limit.kind == "PN":
        over = _roll(over, calendar, _merge(pauses), jurisdiction)
    if over > _LAST:
        raise CalendarError("the due date lies beyond the year 9999")
    return datetime.combine(date.fromordinal(over), time(), zone).astimezone(UTC)


def explain(
    start: date,
    limit: Limit,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    *,
    jurisdiction: str = "CN",
) -> list[CountedDay]:
    """List every day after the event up to the due date, with its reason."""
    pauses = list(pauses)
    merged = _merge(pauses)
    end = due(start, limit, calendar, pauses, jurisdiction=jurisdiction).on
    days: list[CountedDay] = []
    number = 0
    for ordinal in range(start.toordinal() + 1, end.toordinal() + 1):
        day = date.fromordinal(ordinal)
        kind, holiday = calendar.kind(day, jurisdiction)
        paused = _paused(ordinal, merged)
        rests = limit.kind == "WD" and kind in {"weekend", "holiday"}
        counts = not paused and not rests and number < limit.n
        number += counts
        days.append(CountedDay(day, number if counts else None, kind, holiday, paused))
    return days


def _merge(pauses: Iterable[Pause]) -> list[tuple[int, int]]:
    """Return the pauses as sorted, disjoint pairs of ordinals."""
    if not pauses:
        return []
    merged: list[tuple[int, int]] = []
    for first, last in sorted(pauses):
        if last < first:
            raise CalendarError(f"a pause ends before it begins: {first} to {last}")
        begin, end = first.toordinal(), last.toordinal()
        if merged and begin <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged


def _paused(ordinal: int, pauses: list[tuple[int, int]]) -> bool:
    return any(first <= ordinal <= last for first, last in pauses)


def _working(
    start: int, n: int, calendar: Calendar, pauses: list[tuple[int, int]], jurisdiction: str
) -> int:
    """Walk over the stretches between pauses until n working days have passed."""
    if n == 0:
        return start
    for first, last in pauses:
        if last <= start:
            continue
        passed = calendar.count_working_days(start, first - 1, jurisdiction)
        if passed >= n:
            break
        n -= passed
        start = last
    return calendar.working_day_after(start, n, jurisdiction)


def _natural(start: int, n: int, pauses: list[tuple[int, int]]) -> int:
    """Walk over the stretches between pauses until n days have passed."""
    if n == 0:
        return start
    for first, last in pauses:
        if last <= start:
            continue
        passed = max(0, first - 1 - start)
        if passed >= n:
            break
        n -= passed
        start = last
    if start + n > _LAST:
        raise CalendarError("the due date lies beyond the year 9999")
    return start + n


def _roll(
    ordinal: int, calendar: Calendar, pauses: list[tuple[int, int]], jurisdiction: str
) -> int:
    """Return the first day from this one on that is a working day outside every pause."""
    day = calendar.working_day_after(ordinal - 1, 1, jurisdiction)
    for first, last in pauses:
        if first <= day <= last:
            day = calendar.working_day_after(last, 1, jurisdiction)
    return day


def _provisional(first_year: int, last: int, calendar: Calendar, jurisdiction: str) -> bool:
    """Tell whether a year from the first one to that of the last day has no notice."""
    for year in range(first_year, date.fromordinal(last).year + 1):
        if not calendar.has_year(year, jurisdiction):
            return True
    return False
