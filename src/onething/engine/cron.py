"""Cron texts: five fields, or six with seconds first, as Quartz and Spring write them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from onething.errors import ExpressionError

_NAMES = {
    name: number
    for names in (
        "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
        "SUN MON TUE WED THU FRI SAT",
    )
    for number, name in enumerate(names.split(), 1 if names.startswith("JAN") else 0)
}
_NICKNAMES = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_WITHOUT_SECONDS, _WITH_SECONDS, _WITH_YEARS = 5, 6, 7
_DAY = 3
_SEARCH_DAYS = 366 * 8
"""Longest gap: 29 February across a year that is no leap year."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A parsed cron text; days of the week are 0 for Sunday to 6."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int] | None
    last_day: bool
    years: frozenset[int] | None
    text: str

    @staticmethod
    @lru_cache(maxsize=512)
    def parse(text: str) -> "Cron":
        """Parse five to seven fields or a nickname; raise ExpressionError for others.

        In six and seven fields (Quartz) the numbers of weekdays still count from
        Sunday 0, as in Spring; names are never in doubt.
        """
        fields = _NICKNAMES.get(text, text).split()
        if len(fields) == _WITHOUT_SECONDS:
            fields = ["0", *fields]
        if len(fields) not in {_WITH_SECONDS, _WITH_YEARS}:
            raise ExpressionError(f"{text!r} is no cron text: it has {len(fields)} fields")
        last = fields[_DAY] == "L"
        sets = [
            _field("*" if last and index == _DAY else field, low, high, text)
            for index, (field, (low, high)) in enumerate(zip(fields[:6], _BOUNDS, strict=True))
        ]
        years = _field(fields[6], 1970, 2199, text) if len(fields) == _WITH_YEARS else None
        everything = {"*", "?"}
        return Cron(
            tuple(sorted(sets[0])),
            tuple(sorted(sets[1])),
            tuple(sorted(sets[2])),
            None if fields[3] in everything or last else sets[3],
            sets[4],
            None if fields[5] in everything else frozenset(day % 7 for day in sets[5]),
            last,
            None if years is None or fields[6] in everything else years,
            text,
        )

    def after(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """Return the first instant after another, UTC; raise ExpressionError for never."""
        local = instant.astimezone(zone)
        for offset in range(_SEARCH_DAYS):
            day = local.date() + timedelta(days=offset)
            if not self._on(day):
                continue
            for moment in self._times(day, zone):
                if moment > instant:
                    return moment
        raise ExpressionError(f"the cron text {self.text!r} never comes")

    def _on(self, day: date) -> bool:
        if day.month not in self.months or (self.years is not None and day.year not in self.years):
            return False
        if self.last_day and (day + timedelta(days=1)).day != 1:
            return False
        in_month = self.days is None or day.day in self.days
        in_week = self.weekdays is None or day.isoweekday() % 7 in self.weekdays
        if self.days is not None and self.weekdays is not None:
            return in_month or in_week
        return in_month and in_week

    def _times(self, day: date, zone: ZoneInfo) -> Iterator[datetime]:
        return (
            datetime.combine(day, time(hour, minute, second), zone).astimezone(UTC)
            for hour in self.hours
            for minute in self.minutes
            for second in self.seconds
        )


def _field(field: str, low: int, high: int, text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin = low if first in {"*", "?"} else _number(first, text)
        end = _end(first, last, step, high, text)
        width = _number(step, text) if step else 1
        if not (low <= begin <= end <= high) or width < 1:
            raise ExpressionError(f"{text!r} is no cron text: {part!r} is out of bounds")
        found.update(range(begin, end + 1, width))
    return frozenset(found)


def _end(first: str, last: str, step: str, high: int, text: str) -> int:
    if last:
        return _number(last, text)
    return high if step or first in {"*", "?"} else _number(first, text)


def _number(written: str, text: str) -> int:
    upper = written.upper()
    if upper in _NAMES:
        return _NAMES[upper]
    if written.isascii() and written.isdigit():
        return int(written)
    raise ExpressionError(f"{text!r} is no cron text: {written!r} is no number")
