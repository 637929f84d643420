"""Cross the border between FEEL values and JSON values."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from onething.errors import ExpressionError
from onething.feel.temporal import from_python
from onething.feel.values import Function, Range, Value, text_of, weigh

_PLAIN = (str, bool, int, Decimal, type(None))


def to_json(value: Value) -> Value:
    """Return a FEEL value as JSON: dates, times, durations and ranges become texts.

    Raises ExpressionError for a function, which is no data, ExpressionLimitExceeded for a
    value of too many parts.
    """
    weigh(value)
    return _as_json(value)


def _as_json(value: Value) -> Value:
    if isinstance(value, Function):
        raise ExpressionError("a function cannot become a variable")
    if isinstance(value, Range):
        return text_of(value)
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    return text_of(value)


def from_json(value: Value) -> Value:
    """Return Python or JSON data as a FEEL value; a float becomes the decimal it shows."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, (date, datetime, timedelta)):
        return from_python(value)
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    if isinstance(value, tuple) and type(value) is tuple:
        return [from_json(item) for item in value]
    if isinstance(value, list):
        return [from_json(item) for item in value]
    return value
