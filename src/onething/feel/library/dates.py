"""Built-in functions on dates, times and durations.

Source: DMN 1.5, 10.3.4.1, 10.3.4.7, 10.3.4.11.
"""

from decimal import Decimal
from typing import Final

from onething.feel.environment import Run
from onething.feel.library.registry import builtin
from onething.feel.temporal import (
    MOST_YEARS,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    days_in_month,
    from_python,
)
from onething.feel.temporal_text import (
    MOST_OFFSET_S,
    make_date,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from onething.feel.values import NoValue, Value

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_HOURS: Final = 24
_SIXTY: Final = 60


def _found(value: Value, text: str, wanted: str) -> Value:
    if value is None:
        raise NoValue(f"{text} is no {wanted}")
    return value


def _date_of(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@builtin("now()", needs_run=True)
def _now(run: Run) -> Value:
    return from_python(run.env.now)


@builtin("today()", needs_run=True)
def _today(run: Run) -> Value:
    return from_python(run.env.now.date())


@builtin("date(from: string)")
def _date(text: str) -> Value:
    return _found(parse_date(text), text, "date")


@builtin("date(from: date|datetime)")
def _date_from_moment(value: Date | DateTime) -> Date:
    return _date_of(value)


@builtin("date(year: number, month: number, day: number)")
def _date_from_numbers(year: Decimal, month: Decimal, day: Decimal) -> Value:
    if abs(year) > MOST_YEARS:
        raise NoValue(f"the year {year} is out of range")
    return _found(make_date(int(year), int(month), int(day)), f"{year}-{month}-{day}", "date")


@builtin("date and time(from: string)")
def _date_and_time(text: str) -> Value:
    return _found(parse_date_time(text), text, "date and time")


@builtin("date and time(from: datetime)")
def _date_and_time_of(value: DateTime) -> DateTime:
    return value


@builtin("date and time(date: date|datetime, time: time)")
def _date_with_time(day: Date | DateTime, time: Time) -> DateTime:
    return DateTime(_date_of(day), time)


@builtin("time(from: string)")
def _time(text: str) -> Value:
    return _found(parse_time(text), text, "time")


@builtin("time(from: time|datetime|date)")
def _time_of(value: Time | DateTime | Date) -> Time:
    if isinstance(value, DateTime):
        return value.time
    return value if isinstance(value, Time) else Time(0, 0, 0, 0, 0)


@builtin("time(hour: number, minute: number, second: number, offset: days|null?)")
def _time_from_numbers(
    hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None
) -> Time:
    if not (0 <= hour < _HOURS and 0 <= minute < _SIXTY and 0 <= second < _SIXTY):
        raise NoValue(f"{hour}:{minute}:{second} is no time")
    offset_s = None if offset is None else offset.nanos // NANOS
    if offset_s is not None and abs(offset_s) > MOST_OFFSET_S:
        raise NoValue("the offset is too large")
    nano = int(Decimal(second) % 1 * NANOS)
    return Time(int(hour), int(minute), int(second), nano, offset_s)


@builtin("duration(from: string)")
def _duration(text: str) -> Value:
    return _found(parse_duration(text), text, "duration")


@builtin("duration(from: days|months)")
def _duration_of(value: DaysDuration | MonthsDuration) -> DaysDuration | MonthsDuration:
    return value


@builtin("years and months duration(from: date|datetime, to: date|datetime)")
def _years_and_months(start: Date | DateTime, end: Date | DateTime) -> MonthsDuration:
    first, last = _date_of(start), _date_of(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return MonthsDuration(months)


@builtin("day of year(date: date|datetime)")
def _day_of_year(value: Date | DateTime) -> int:
    return _date_of(value).day_of_year


@builtin("day of week(date: date|datetime)")
def _day_of_week(value: Date | DateTime) -> str:
    return _WEEKDAYS[_date_of(value).weekday - 1]


@builtin("month of year(date: date|datetime)")
def _month_of_year(value: Date | DateTime) -> str:
    return _MONTHS[_date_of(value).month - 1]


@builtin("week of year(date: date|datetime)")
def _week_of_year(value: Date | DateTime) -> int:
    return _date_of(value).week_of_year


@builtin("last day of month(date: date|datetime)")
def _last_day_of_month(value: Date | DateTime) -> Date:
    day = _date_of(value)
    return Date(day.year, day.month, days_in_month(day.year, day.month))
