"""The values of FEEL: kinds, equality, order, ranges, functions, text.

A value is None, bool, int or Decimal, str, list, dict (context), or one of the classes of
`temporal` and of this module. Source: DMN 1.5, 10.3.2.
"""

from collections.abc import Callable, Sequence
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any, Final, NamedTuple

from onething.errors import ExpressionLimitExceeded
from onething.feel.temporal import (
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)

Value = Any
"""Any value of FEEL; checked when used, as the language is dynamically typed."""

DECIMAL: Final = Context(
    prec=34, Emin=-6143, Emax=6144, traps=[DivisionByZero, InvalidOperation, Overflow]
)
"""IEEE 754 decimal128, as the standard asks. Source: DMN 1.5, 10.3.2.3.1."""


class NoValue(Exception):
    """An operation has no value here; the expression goes on with null and a warning."""


class Unset:
    """The mark of an argument that was not given, which is not null."""


UNSET: Final = Unset()


class Range(NamedTuple):
    """A range; an end of UNSET is open without bound, null makes membership unknown."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool


class Function(NamedTuple):
    """A function: built-in, lambda, or a model's own."""

    name: str
    signatures: tuple[tuple[str, ...], ...]
    """Parameter names, one tuple for each way to call it."""
    call: Callable[..., Value]
    """Called with the run and the positional arguments."""
    types: tuple[Value, ...] | None = None
    """Types of the parameters (`kinds.Type`); None for a built-in, which checks its own."""
    result: Value = None


KINDS: Final[dict[type, str]] = {
    bool: "boolean",
    int: "number",
    Decimal: "number",
    str: "string",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
    type(None): "null",
}


def kind(value: Value) -> str:
    """Return the name of a value's FEEL type."""
    return KINDS.get(type(value)) or "context"


def equal(left: Value, right: Value) -> bool | None:  # noqa: PLR0911 - one line a kind
    """Compare for equality; None when the kinds cannot be compared.

    Source: DMN 1.5, 10.3.2.13 and table 42.
    """
    if left is None or right is None:
        return left is right
    if kind(left) != kind(right):
        return None
    if left is right:
        return True
    if isinstance(left, list):
        weigh(left)
        return _all_equal(left, right)
    if isinstance(left, dict):
        weigh(left)
        if left.keys() != right.keys():
            return False
        return _all_equal(list(left.values()), [right[key] for key in left])
    if isinstance(left, (Time, DateTime)):
        return same_moment(left, right)
    if isinstance(left, Range):
        return _equal_ranges(left, right)
    if isinstance(left, Function):
        return left is right
    return bool(left == right)


MOST_PARTS: Final = 300_000


def weigh(value: Value) -> None:
    """Raise ExpressionLimitExceeded for a value of too many parts.

    Lists may hold one list many times, so that a short text can mean billions of parts.
    """
    left = MOST_PARTS
    waiting = [value]
    while waiting:
        part = waiting.pop()
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        left -= len(inner) + 1
        if left < 0:
            raise ExpressionLimitExceeded(f"a value has more than {MOST_PARTS} parts")
        waiting.extend(inner)


def same_moment(left: Time | DateTime, right: Time | DateTime) -> bool:
    """Tell whether two times, or two dates with time, are the same moment."""
    if is_local(left) != is_local(right):
        return False
    return moment(left) == moment(right)


def is_local(value: Time | DateTime) -> bool:
    """Tell whether a value has neither offset nor zone."""
    return (value.time if isinstance(value, DateTime) else value).is_local


def moment(value: Time | DateTime) -> int:
    """Return nanoseconds that order times or dates with time."""
    if isinstance(value, DateTime):
        return value.nanos
    return value.nanos - (value.shift_s or 0) * 1_000_000_000


def _all_equal(left: Sequence[Value], right: Sequence[Value]) -> bool | None:
    if len(left) != len(right):
        return False
    answer: bool | None = True
    for mine, other in zip(left, right, strict=True):
        same = equal(mine, other)
        if same is False:
            return False
        if same is None:
            answer = None
    return answer


def _equal_ranges(left: Range, right: Range) -> bool | None:
    if left[2:] != right[2:]:
        return False
    for mine, other in zip(left[:2], right[:2], strict=True):
        if mine is UNSET or other is UNSET:
            if mine is not other:
                return False
        elif equal(mine, other) is not True:
            return False
    return True


_NUMBERS = (int, Decimal)
_ORDERED = (str, Date, DaysDuration, MonthsDuration)


def order(left: Value, right: Value) -> int | None:
    """Return -1, 0 or 1 as left comes before, with or after right; None without order."""
    type_left, type_right = type(left), type(right)
    if type_left in _NUMBERS and type_right in _NUMBERS:
        return int(left > right) - int(left < right)
    if type_left is not type_right:
        return None
    if type_left in _ORDERED:
        return int(left > right) - int(left < right)
    if type_left in (Time, DateTime):
        if is_local(left) != is_local(right):
            return None
        a, b = moment(left), moment(right)
        return (a > b) - (a < b)
    return None


def contains(bounds: Range, value: Value) -> bool | None:
    """Tell whether a range holds a value; None when they cannot be compared."""
    above = below = True
    if bounds.start is not UNSET:
        place = order(value, bounds.start)
        if place is None:
            return None
        above = place > 0 or (place == 0 and bounds.start_included)
    if bounds.end is not UNSET:
        place = order(value, bounds.end)
        if place is None:
            return None
        below = place < 0 or (place == 0 and bounds.end_included)
    return above and below


def number_text(value: int | Decimal) -> str:
    """Write a number as plain digits, without exponent and trailing zeros."""
    if isinstance(value, int):
        return str(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def text_of(value: Value, *, quoted: bool = False) -> str:  # noqa: PLR0911 - one line a kind
    """Write a value as FEEL's `string()` does; texts inside lists and contexts are quoted."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if quoted else value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _NUMBERS):
        return number_text(value)
    if isinstance(value, list):
        return "[" + ", ".join(text_of(item, quoted=True) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(_entry_text(key, item) for key, item in value.items()) + "}"
    if isinstance(value, Range):
        return _range_text(value)
    if isinstance(value, Function):
        return f"function {value.name}" if value.name else "function"
    return str(value)


def _entry_text(key: str, item: Value) -> str:
    plain = key.replace("_", "a").isalnum() and not key[:1].isdigit()
    name = key if plain or " " in key else text_of(key, quoted=True)
    return f"{name}: {text_of(item, quoted=True)}"


def _range_text(bounds: Range) -> str:
    if bounds.start is UNSET:
        return f"({'<=' if bounds.end_included else '<'} {text_of(bounds.end, quoted=True)})"
    if bounds.end is UNSET:
        return f"({'>=' if bounds.start_included else '>'} {text_of(bounds.start, quoted=True)})"
    opening = "[" if bounds.start_included else "("
    closing = "]" if bounds.end_included else ")"
    start, end = text_of(bounds.start, quoted=True), text_of(bounds.end, quoted=True)
    return f"{opening}{start}..{end}{closing}"
