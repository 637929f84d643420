"""What compiled code does with values: paths, membership, iteration.

Source: DMN 1.5, 10.3.2.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from onething.feel.temporal import (
    DAY_NANOS,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    day_from_ordinal,
)
from onething.feel.values import UNSET, NoValue, Range, Value, contains, equal, kind

_DATE_PROPERTIES: Final = {"year", "month", "day", "weekday"}
_TIME_PROPERTIES: Final = {"hour", "minute", "second"}


def member(value: Value, name: str) -> Value:
    """Return a property of a value, or the property of each item of a list."""
    if isinstance(value, dict):
        if name in value:
            return value[name]
        raise NoValue(f"the context has no entry {name}")
    if isinstance(value, list):
        return [_member_or_null(item, name) for item in value]
    if value is None:
        raise NoValue(f"null has no {name}")
    found = _property(value, name)
    if found is UNSET:
        raise NoValue(f"{kind(value)} has no {name}")
    return found


def _member_or_null(value: Value, name: str) -> Value:
    try:
        return member(value, name)
    except NoValue:
        return None


def _property(value: Value, name: str) -> Value:  # noqa: PLR0911 - one line a kind
    if isinstance(value, DateTime):
        on_day = _property(value.date, name)
        if on_day is not UNSET:
            return on_day
        if name == "time offset":
            return None if value.offset_s is None else DaysDuration(value.offset_s * NANOS)
        return _property(value.time, name)
    if isinstance(value, Date) and name in _DATE_PROPERTIES:
        return getattr(value, name)
    if isinstance(value, Time):
        return _time_property(value, name)
    if isinstance(value, (DaysDuration, MonthsDuration)):
        return _duration_property(value, name)
    if isinstance(value, Range):
        return _range_property(value, name)
    return UNSET


def _time_property(value: Time, name: str) -> Value:
    if name == "second" and value.nano:
        return value.second + Decimal(value.nano) / NANOS
    if name in _TIME_PROPERTIES:
        return getattr(value, name)
    if name == "time offset":
        return None if value.shift_s is None else DaysDuration(value.shift_s * NANOS)
    return value.zone if name == "timezone" else UNSET


def _duration_property(value: DaysDuration | MonthsDuration, name: str) -> Value:
    sign = -1 if value[0] < 0 else 1
    if isinstance(value, MonthsDuration):
        years, months = divmod(abs(value.months), 12)
        return {"years": sign * years, "months": sign * months}.get(name, UNSET)
    days, rest = divmod(abs(value.nanos), DAY_NANOS)
    hours, rest = divmod(rest, 3600 * NANOS)
    minutes, rest = divmod(rest, 60 * NANOS)
    seconds = Decimal(rest) / NANOS
    parts: dict[str, Value] = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
    return sign * parts[name] if name in parts else UNSET


def _range_property(value: Range, name: str) -> Value:
    parts = {
        "start": None if value.start is UNSET else value.start,
        "end": None if value.end is UNSET else value.end,
        "start included": value.start_included,
        "end included": value.end_included,
    }
    return parts.get(name, UNSET)


def passes(value: Value, test: Value) -> bool | None:
    """Tell whether a value passes a test that is itself a value: equal, in a range, in a list.

    Source: DMN 1.5, 10.3.2.8 and table 55.
    """
    if isinstance(test, Range):
        if isinstance(value, Range):
            return equal(value, test)
        return contains(test, value)
    if isinstance(test, list):
        if isinstance(value, list) and equal(value, test):
            return True
        return _any_passes(value, test)
    return equal(value, test)


def _any_passes(value: Value, tests: list[Value]) -> bool | None:
    answer: bool | None = False
    for test in tests:
        if isinstance(test, list) and not isinstance(value, list):
            continue
        if isinstance(value, list) or not isinstance(test, list):
            passed = equal(value, test) if isinstance(test, list) else passes(value, test)
            if passed:
                return True
            if passed is None and isinstance(test, Range):
                answer = None
    return answer


def iterate(domain: Value) -> Iterator[Value]:
    """Go through a list, a range of whole numbers or days, or a single value."""
    if isinstance(domain, list):
        return iter(domain)
    if isinstance(domain, Range):
        return count(*_closed_ends(domain))
    if domain is None:
        raise NoValue("null cannot be iterated")
    return iter((domain,))


def _closed_ends(domain: Range) -> tuple[Value, Value]:
    start, end = domain.start, domain.end
    if start in (None, UNSET) or end in (None, UNSET):
        raise NoValue("a range without two ends cannot be iterated")
    if kind(start) == "number" and kind(end) == "number":
        return start + (not domain.start_included), end - (not domain.end_included)
    if isinstance(start, Date) and isinstance(end, Date):
        first = start.ordinal + (not domain.start_included)
        last = end.ordinal - (not domain.end_included)
        return day_from_ordinal(first), day_from_ordinal(last)
    raise NoValue(f"a range of {kind(start)} cannot be iterated")


def count(start: Value, end: Value) -> Iterator[Value]:
    """Count from start to end, up or down, in whole numbers or days."""
    if isinstance(start, Date) and isinstance(end, Date):
        for ordinal in _steps(start.ordinal, end.ordinal):
            yield day_from_ordinal(ordinal)
        return
    if kind(start) != "number" or kind(end) != "number":
        raise NoValue(f"cannot count from {kind(start)} to {kind(end)}")
    if start != int(start):
        raise NoValue("a loop counts in whole numbers")
    step = 1 if start <= end else -1
    place = Decimal(start)
    while (place <= end) if step > 0 else (place >= end):
        yield place
        place += step


def _steps(start: int, end: int) -> range:
    return range(start, end + 1) if start <= end else range(start, end - 1, -1)
