"""The operators `+ - * / **` and unary minus.

Source: DMN 1.5, 10.3.2.10 to 10.3.2.12, tables 50 to 56.
"""

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Final

from onething.feel.temporal import (
    DAY_NANOS,
    MOST_YEARS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    add_months,
    day_from_ordinal,
    time_from_nanos,
)
from onething.feel.values import DECIMAL, NoValue, Value, is_local, kind, moment

_NUMBERS: Final = (int, Decimal)
_MOST_DURATION: Final = 10**34
_MIDNIGHT_UTC: Final = Time(0, 0, 0, 0, 0)


def add(left: Value, right: Value) -> Value:
    """Add numbers, texts, durations, or a duration to a date or time."""
    types = (type(left), type(right))
    if types[0] in _NUMBERS and types[1] in _NUMBERS:
        return DECIMAL.add(left, right)
    match left, right:
        case str(), str():
            return left + right
        case DaysDuration(), DaysDuration():
            return _sized(DaysDuration(left.nanos + right.nanos))
        case MonthsDuration(), MonthsDuration():
            return _sized(MonthsDuration(left.months + right.months))
        case ((DaysDuration() | MonthsDuration()), (Date() | Time() | DateTime())):
            return _shift(right, left, 1)
        case ((Date() | Time() | DateTime()), (DaysDuration() | MonthsDuration())):
            return _shift(left, right, 1)
    raise _no("+", left, right)


def subtract(left: Value, right: Value) -> Value:  # noqa: PLR0911 - one line a pair of kinds
    """Subtract numbers, durations, moments, or a duration from a date or time."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        return DECIMAL.subtract(left, right)
    match left, right:
        case DaysDuration(), DaysDuration():
            return _sized(DaysDuration(left.nanos - right.nanos))
        case MonthsDuration(), MonthsDuration():
            return _sized(MonthsDuration(left.months - right.months))
        case ((Date() | Time() | DateTime()), (DaysDuration() | MonthsDuration())):
            return _shift(left, right, -1)
        case Date(), Date():
            return DaysDuration((left.ordinal - right.ordinal) * DAY_NANOS)
        case Time(), Time():
            return _between(left, right)
        case ((Date() | DateTime()), (Date() | DateTime())):
            return _between(_at_midnight(left), _at_midnight(right))
    raise _no("-", left, right)


def _at_midnight(value: Date | DateTime) -> DateTime:
    return DateTime(value, _MIDNIGHT_UTC) if isinstance(value, Date) else value


def _between(left: Time | DateTime, right: Time | DateTime) -> DaysDuration:
    if is_local(left) != is_local(right):
        raise NoValue("a local time and one with offset have no distance")
    return DaysDuration(moment(left) - moment(right))


def _shift(
    value: Date | Time | DateTime, by: DaysDuration | MonthsDuration, sign: int
) -> Date | Time | DateTime:
    if isinstance(by, MonthsDuration):
        if isinstance(value, Time):
            raise NoValue("a time of day has no months")
        if isinstance(value, Date):
            return _checked(add_months(value, sign * by.months))
        return DateTime(_checked(add_months(value.date, sign * by.months)), value.time)
    nanos = sign * by.nanos
    if isinstance(value, Time):
        return time_from_nanos((value.nanos + nanos) % DAY_NANOS, value)
    if isinstance(value, Date):
        return _checked(day_from_ordinal((value.ordinal * DAY_NANOS + nanos) // DAY_NANOS))
    shifted = value.shift(nanos)
    _checked(shifted.date)
    return shifted


def _checked(day: Date) -> Date:
    if abs(day.year) > MOST_YEARS:
        raise NoValue(f"the year {day.year} is out of range")
    return day


def multiply(left: Value, right: Value) -> Value:
    """Multiply numbers, or a duration by a number."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        return DECIMAL.multiply(left, right)
    match left, right:
        case ((DaysDuration() | MonthsDuration()), (int() | Decimal())) if kind(right) == "number":
            return _scaled(left, DECIMAL.multiply(_size(left), right))
        case ((int() | Decimal()), (DaysDuration() | MonthsDuration())) if kind(left) == "number":
            return _scaled(right, DECIMAL.multiply(_size(right), left))
    raise _no("*", left, right)


def divide(left: Value, right: Value) -> Value:
    """Divide numbers, a duration by a number, or durations by each other."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        return DECIMAL.divide(left, right)
    match left, right:
        case (DaysDuration(), DaysDuration()) | (MonthsDuration(), MonthsDuration()):
            return DECIMAL.divide(_size(left), _size(right))
        case ((DaysDuration() | MonthsDuration()), (int() | Decimal())) if kind(right) == "number":
            return _scaled(left, DECIMAL.divide(_size(left), right))
    raise _no("/", left, right)


def _size(value: DaysDuration | MonthsDuration) -> Decimal:
    return Decimal(value[0])


def _scaled(like: DaysDuration | MonthsDuration, size: Decimal) -> Value:
    return _sized(type(like)(int(size)))


def _sized(duration: DaysDuration | MonthsDuration) -> DaysDuration | MonthsDuration:
    if abs(duration[0]) > _MOST_DURATION:
        raise NoValue("the duration is too long")
    return duration


def power(left: Value, right: Value) -> Value:
    """Raise a number to a power."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        return DECIMAL.power(left, right) if right else Decimal(1)  # also 0 ** 0, by IEEE 754
    raise _no("**", left, right)


def negate(value: Value) -> Value:
    """Negate a number or a duration."""
    if type(value) in _NUMBERS:
        return DECIMAL.minus(value)
    if isinstance(value, (DaysDuration, MonthsDuration)):
        return type(value)(-value[0])
    raise NoValue(f"- has no meaning for {kind(value)}")


def _no(operator: str, left: Value, right: Value) -> NoValue:
    return NoValue(f"{operator} has no meaning for {kind(left)} and {kind(right)}")


OPERATORS: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}

FAILURES: Final = (NoValue, DecimalException, OverflowError)
"""What an operation raises that has no value."""
