"""Periods of hours and minutes: they run while offices work, and stand still else."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from onething.calendar.days import Calendar
from onething.calendar.limits import Limit
from onething.errors import CalendarError

_MINUTES = {"WH": 60, "WM": 1}
_FURTHEST = timedelta(days=366 * 11)


def after_hours(  # noqa: PLR0913 - as `due_at`
    start: datetime,
    limit: Limit,
    calendar: Calendar,
    zone: ZoneInfo,
    paused: Sequence[tuple[int, int]] = (),
    *,
    jurisdiction: str = "CN",
) -> datetime:
    """Return the instant, in UTC, at which a period of working hours or minutes is over.

    Args:
        start: The event, aware. Outside office hours the period begins when they do.
        limit: ``WH(4)`` or ``WM(30)``.
        calendar: The days on which offices work, and their hours.
        zone: The legal zone, in whose days and hours is counted.
        paused: First and last ordinals of the days that do not count, sorted and disjoint.
        jurisdiction: Whose days and hours.

    Raises:
        CalendarError: The period would end more than eleven years on.
    """
    left = timedelta(minutes=limit.n * _MINUTES[limit.kind])
    local = start.astimezone(zone)
    for opens, closes in _stretches(local, calendar, zone, paused, jurisdiction):
        here = max(opens, start)
        if left <= closes - here:
            return (here + left).astimezone(UTC)
        left -= closes - here
        if opens - start > _FURTHEST:
            break
    raise CalendarError(f"{limit} does not end within eleven years")


def office_time(  # noqa: PLR0913 - as `after_hours`
    start: datetime,
    end: datetime,
    calendar: Calendar,
    zone: ZoneInfo,
    paused: Sequence[tuple[int, int]] = (),
    *,
    jurisdiction: str = "CN",
) -> timedelta:
    """Return how long offices work between two instants; nothing when the end is the earlier."""
    total = timedelta()
    for opens, closes in _stretches(start.astimezone(zone), calendar, zone, paused, jurisdiction):
        if opens >= end:
            break
        total += min(closes, end) - max(opens, start)
    return total


def _stretches(
    local: datetime,
    calendar: Calendar,
    zone: ZoneInfo,
    paused: Sequence[tuple[int, int]],
    jurisdiction: str,
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the office hours from an instant on, as instants in UTC, without those gone by."""
    day = local.date().toordinal()
    while True:
        on = date.fromordinal(day)
        is_paused = any(first <= day <= last for first, last in paused)
        if not is_paused and calendar.is_working_day(on, jurisdiction):
            for opens, closes in calendar.hours(on.year, jurisdiction):
                end = _instant(on, closes, zone)
                if end > local:
                    yield _instant(on, opens, zone), end
        day = calendar.working_day_after(day, 1, jurisdiction)


def _instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, at, zone).astimezone(UTC)
