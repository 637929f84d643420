"""Dates, times and durations of FEEL: proleptic Gregorian, any year, nanoseconds.

Python's own dates end at the year 9999 and know no time with offset apart from a date.
Source: DMN 1.5, 10.3.2.3 (values of date, time, date and time, durations).
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS
MONTHS_PER_YEAR = 12
MOST_YEARS = 999_999_999
FEBRUARY = 2
_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EPOCH_SHIFT = 719_468  # days from 0000-03-01 to 1970-01-01
_ERA_YEARS = 400
_ERA_DAYS = 146_097


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month, 1 to 12."""
    if month == FEBRUARY and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _DAYS_IN_MONTH[month - 1]


class Date(NamedTuple):
    """A day of the calendar, any year."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01."""
        year = self.year - (self.month <= FEBRUARY)
        era, year_of_era = divmod(year, _ERA_YEARS)
        month_from_march = (self.month + 9) % MONTHS_PER_YEAR
        day_of_year = (153 * month_from_march + 2) // 5 + self.day - 1
        day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
        return era * _ERA_DAYS + day_of_era - _EPOCH_SHIFT

    @property
    def weekday(self) -> int:
        """Monday 1 to Sunday 7."""
        return (self.ordinal + 3) % 7 + 1

    @property
    def day_of_year(self) -> int:
        """The first of January is 1."""
        return self.ordinal - Date(self.year, 1, 1).ordinal + 1

    @property
    def week_of_year(self) -> int:
        """The week by ISO 8601: week 1 holds the year's first Thursday."""
        thursday = day_from_ordinal(self.ordinal + 4 - self.weekday)
        return (thursday.day_of_year - 1) // 7 + 1


def day_from_ordinal(ordinal: int) -> Date:
    """Return the day that lies so many days after 1970-01-01."""
    era, day_of_era = divmod(ordinal + _EPOCH_SHIFT, _ERA_DAYS)
    leap_correction = day_of_era // 1460 - day_of_era // 36_524 + day_of_era // 146_096
    year_of_era = (day_of_era - leap_correction) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_from_march + 2) // 5 + 1
    month = (month_from_march + 2) % MONTHS_PER_YEAR + 1
    return Date(era * _ERA_YEARS + year_of_era + (month <= FEBRUARY), month, day)


class Time(NamedTuple):
    """A time of day, local or with an offset or a zone."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    offset_s: int | None = None
    zone: str | None = None

    @property
    def nanos(self) -> int:
        """Nanoseconds since midnight on the own clock."""
        return ((self.hour * 60 + self.minute) * 60 + self.second) * NANOS + self.nano

    @property
    def shift_s(self) -> int | None:
        """Seconds east of UTC; None for a local time.

        A zone counts with its standard offset, as a time without a day knows no summer.
        """
        return self.offset_s if self.zone is None else standard_offset_s(self.zone)

    @property
    def is_local(self) -> bool:
        """True without offset and zone."""
        return self.offset_s is None and self.zone is None

    def __str__(self) -> str:
        fraction = f".{self.nano:09d}".rstrip("0") if self.nano else ""
        clock = f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}"
        if self.zone is not None:
            return f"{clock}@{self.zone}"
        return clock + ("" if self.offset_s is None else offset_text(self.offset_s))


def offset_text(offset_s: int) -> str:
    """Write an offset from UTC as `Z`, `+08:00` or `+08:00:30`."""
    if offset_s == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset_s), 60)
    text = f"{'-' if offset_s < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def time_from_nanos(nanos: int, like: Time) -> Time:
    """Return the time of day so many nanoseconds after midnight, in the zone of `like`."""
    seconds, nano = divmod(nanos, NANOS)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return Time(hour, minute, second, nano, like.offset_s, like.zone)


MIDNIGHT = Time(0, 0, 0)


class DateTime(NamedTuple):
    """A day with a time of day."""

    date: Date
    time: Time

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"

    @property
    def local_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 on the own clock."""
        return self.date.ordinal * DAY_NANOS + self.time.nanos

    @property
    def offset_s(self) -> int | None:
        """Seconds east of UTC at this instant; None for a local one."""
        if self.time.zone is not None:
            return zone_offset_s(self.time.zone, self)
        return self.time.offset_s

    @property
    def nanos(self) -> int:
        """Nanoseconds since the epoch; a local one counts as UTC."""
        return self.local_nanos - (self.offset_s or 0) * NANOS

    def shift(self, nanos: int) -> "DateTime":
        """Return this plus so many nanoseconds, on the same clock."""
        days, rest = divmod(self.local_nanos + nanos, DAY_NANOS)
        return DateTime(day_from_ordinal(days), time_from_nanos(rest, self.time))


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo | None:
    """Return the zone of a tz database name, or None when there is no such zone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


@lru_cache(maxsize=256)
def standard_offset_s(name: str) -> int:
    """Return the offset of a zone outside of its summer time, in seconds."""
    moment = datetime(2000, 1, 1, tzinfo=zone(name) or UTC)
    standard = (moment.utcoffset() or timedelta()) - (moment.dst() or timedelta())
    return round(standard.total_seconds())


def zone_offset_s(name: str, at: DateTime) -> int:
    """Return the offset of a zone at a local date and time, in seconds."""
    found = zone(name)
    if found is None:
        return 0
    # the zone's rules repeat: years that Python does not know behave like its nearest ones
    year = min(max(at.date.year, 1), 9999)
    day = min(at.date.day, days_in_month(year, at.date.month))
    moment = datetime(
        year, at.date.month, day, at.time.hour, at.time.minute, at.time.second, tzinfo=found
    )
    return round((moment.utcoffset() or timedelta()).total_seconds())


class DaysDuration(NamedTuple):
    """A duration of days, hours, minutes and seconds, in nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        if self.nanos == 0:
            return "PT0S"
        days, rest = divmod(abs(self.nanos), DAY_NANOS)
        clock = time_from_nanos(rest, MIDNIGHT)
        fraction = f".{clock.nano:09d}".rstrip("0") if clock.nano else ""
        hours = f"{clock.hour}H" if clock.hour else ""
        minutes = f"{clock.minute}M" if clock.minute else ""
        seconds = f"{clock.second}{fraction}S" if clock.second or fraction else ""
        time = f"T{hours}{minutes}{seconds}" if rest else ""
        return f"{'-' if self.nanos < 0 else ''}P{f'{days}D' if days else ''}{time}"


class MonthsDuration(NamedTuple):
    """A duration of years and months, in months."""

    months: int

    def __str__(self) -> str:
        if self.months == 0:
            return "P0M"
        years, months = divmod(abs(self.months), MONTHS_PER_YEAR)
        parts = f"{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"
        return f"{'-' if self.months < 0 else ''}P{parts}"


def add_months(day: Date, months: int) -> Date:
    """Return the day so many months later; a day the month lacks becomes its last one."""
    total = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    year, month = divmod(total, MONTHS_PER_YEAR)
    return Date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def from_python(value: date | datetime | timedelta) -> "Date | DateTime | DaysDuration":
    """Return the FEEL value of a Python date, datetime or timedelta."""
    if isinstance(value, timedelta):
        micros = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
        return DaysDuration(micros * 1000)
    if not isinstance(value, datetime):
        return Date(value.year, value.month, value.day)
    shift = value.utcoffset()
    name = getattr(value.tzinfo, "key", None) if value.tzinfo is not UTC else None
    offset_s = None if shift is None or name else round(shift.total_seconds())
    clock = Time(value.hour, value.minute, value.second, value.microsecond * 1000, offset_s, name)
    return DateTime(Date(value.year, value.month, value.day), clock)
