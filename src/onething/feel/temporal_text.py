"""Read dates, times and durations from their texts, strictly.

Source: DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8; XML Schema 1.1 part 2; ISO 8601.
"""

import re

from onething.feel.temporal import (
    DAY_NANOS,
    MONTHS_PER_YEAR,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    days_in_month,
    zone,
)

_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)|@(.+))?"
)
_DURATION = re.compile(
    r"(-)?P(?=.)(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?=.)(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]*))?S)?)?"
)
MOST_OFFSET_S = 18 * 3600
_HOURS = 24
_SIXTY = 60
_MOST_DIGITS = 40


def parse_date(text: str) -> Date | None:
    """Return the date that a text like `2026-11-23` names, or None."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    return make_date(int(found[1]), int(found[2]), int(found[3]))


def make_date(year: int, month: int, day: int) -> Date | None:
    """Return the date of its three numbers, or None when there is no such day."""
    if not 1 <= month <= MONTHS_PER_YEAR or not 1 <= day <= days_in_month(year, month):
        return None
    return Date(year, month, day)


def parse_time(text: str) -> Time | None:
    """Return the time that a text like `09:30:00+08:00` names, or None."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    if hour >= _HOURS or minute >= _SIXTY or second >= _SIXTY:
        return None
    offset_s = None if found[5] is None else _offset(found[5])
    if found[5] is not None and (offset_s is None or abs(offset_s) > MOST_OFFSET_S):
        return None
    if found[6] is not None and zone(found[6]) is None:
        return None
    return Time(hour, minute, second, _nano(found[4]), offset_s, found[6])


def _offset(text: str) -> int | None:
    if text in {"Z", "z"}:
        return 0
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if minutes >= _SIXTY or (seconds and seconds[0] >= _SIXTY):
        return None
    size = hours * 3600 + minutes * 60 + sum(seconds)
    return -size if text[0] == "-" else size


def _nano(digits: str | None) -> int:
    return int((digits or "0")[:9].ljust(9, "0"))


def parse_date_time(text: str) -> DateTime | None:
    """Return the date and time that a text like `2026-11-23T09:30:00` names, or None."""
    day_text, separator, time_text = text.partition("T")
    day = parse_date(day_text)
    ends_day = time_text.startswith("24:00:00")  # ISO 8601: the midnight at the day's end
    time = parse_time(f"00{time_text[2:]}" if ends_day else time_text) if separator else None
    if day is None or (separator and time is None):
        return None
    start = DateTime(day, time or Time(0, 0, 0))
    return start.shift(DAY_NANOS) if ends_day else start


def parse_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """Return the duration that a text like `P1Y2M` or `P3DT4H` names, or None.

    Years and months do not mix with days and smaller units.
    """
    found = _DURATION.fullmatch(text)
    if found is None or len(text) > _MOST_DIGITS:
        return None
    years, months, days, hours, minutes, seconds = found.group(2, 3, 4, 5, 6, 7)
    sign = -1 if found[1] else 1
    if years is not None or months is not None:
        if any(part is not None for part in (days, hours, minutes, seconds)):
            return None
        return MonthsDuration(sign * (int(years or 0) * MONTHS_PER_YEAR + int(months or 0)))
    if all(part is None for part in (days, hours, minutes, seconds)):
        return None
    clock_s = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    nanos = int(days or 0) * DAY_NANOS + clock_s * NANOS + _nano(found[8])
    return DaysDuration(sign * nanos)


def parse_temporal(
    text: str,
) -> Date | Time | DateTime | DaysDuration | MonthsDuration | None:
    """Return what the text of an `@"…"` literal names, or None."""
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if "T" in text and text[:1] != "T":
        found = parse_date_time(text)
        if found is not None:
            return found
    return parse_date(text) or parse_time(text.removeprefix("T"))
