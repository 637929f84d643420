"""Turning what came in into JSON values: texts, whole numbers, decimals, ISO dates.

Values come as texts of an HTML form or as JSON. Blank becomes None. Each function gives the
value or raises Refused with the message for the person.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

from onething.forms.component import Component, Option
from onething.forms.json_value import Json
from onething.forms.messages import Message

LINE_CHARS = 200
"""Longest text of a line where the form says nothing."""
TEXT_CHARS = 4_000
"""Longest text of several lines where the form says nothing."""
CHOICES = 200
"""Most values of one checklist."""
FILES = 50
"""Most materials of one field."""

_DIGITS = 34
_NUMBER = re.compile(r"[+-]?[0-9]{1,34}(?:\.[0-9]{1,34})?")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_MATERIAL = re.compile(r"[0-9A-Za-z_-]{1,64}")
_SPELLED = {
    "true": True,
    "on": True,
    "1": True,
    "是": True,
    "false": False,
    "0": False,
    "否": False,
}
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


class Refused(Exception):
    """The value does not fit; the message says why."""

    def __init__(self, message_id: str, **params: Json) -> None:
        super().__init__(message_id)
        self.message = Message(message_id, params)


def coerce(component: Component, given: Json, options: tuple[Option, ...]) -> Json:
    """Turn one given value into the component's JSON value; None when blank.

    Raises:
        Refused: the value is of another type, too long, or none of the choices.
    """
    if component.value_type == "choice":
        return _choice(given, options)
    if component.value_type == "choices":
        return _choices(given, options)
    if component.value_type == "file":
        return _files(given, component)
    if _is_blank(given):
        return None
    if component.value_type == "text":
        return _text(given, component)
    return _SIMPLE[component.value_type](given)


def _is_blank(value: Json) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: Json, component: Component) -> str:
    if not isinstance(value, str):
        raise Refused("type.text")
    limit = component.bounds.max_length or (TEXT_CHARS if component.multiline else LINE_CHARS)
    limit = min(limit, TEXT_CHARS * 5)
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > limit:
        raise Refused("text.long", max=limit, length=len(text))
    if text.isprintable():
        return text
    if any(_is_control(char, multiline=component.multiline) for char in text):
        raise Refused("text.control")
    return text


def _is_control(char: str, *, multiline: bool) -> bool:
    if multiline and char in "\n\t":
        return False
    return char in _BIDI or unicodedata.category(char) in {"Cc", "Cs", "Cn", "Zl", "Zp"}


def _decimal(value: Json) -> int | Decimal:
    number = _number(value)
    return int(number) if number == number.to_integral_value() else number


def _integer(value: Json) -> int:
    number = _number(value)
    if number != number.to_integral_value():
        raise Refused("type.integer")
    return int(number)


def _number(value: Json) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Refused("type.number")
    text = value.strip() if isinstance(value, str) else _plain(value)
    if not _NUMBER.fullmatch(text):
        raise Refused("number.long" if text.strip("+-.0123456789") == "" else "type.number")
    if len(re.sub(r"\D", "", text)) > _DIGITS:
        raise Refused("number.long")
    return Decimal(text)


def _plain(value: float | Decimal) -> str:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise Refused("type.number")
    if abs(number.adjusted()) > _DIGITS:
        raise Refused("number.long")
    return f"{number:f}"


def _boolean(value: Json) -> bool:
    if isinstance(value, bool):
        return value
    spelled = _SPELLED.get(value.strip().lower()) if isinstance(value, str) else None
    if spelled is None:
        raise Refused("type.boolean")
    return spelled


def _date(value: Json) -> str:
    return _iso(value, lambda text: date.fromisoformat(text).isoformat(), "type.date")


def _time(value: Json) -> str:
    return _iso(value, lambda text: time.fromisoformat(text).isoformat(), "type.time")


def _datetime(value: Json) -> str:
    return _iso(value, _instant, "type.datetime")


def _instant(text: str) -> str:
    if "T" not in text and " " not in text:
        raise ValueError(text)
    return datetime.fromisoformat(text).isoformat(timespec="seconds")


def _month(value: Json) -> str:
    if not isinstance(value, str) or not _MONTH.fullmatch(value.strip()):
        raise Refused("type.month")
    return value.strip()


def _iso(value: Json, write: Callable[[str], str], message_id: str) -> str:
    if not isinstance(value, str) or "-W" in value or not value.isascii():
        raise Refused(message_id)
    try:
        return write(value.strip())
    except ValueError:
        raise Refused(message_id) from None


def _choice(value: Json, options: tuple[Option, ...]) -> Json:
    if _is_blank(value):
        return None
    for option in options:
        if _same(value, option.value):
            return option.value
    raise Refused("choice.unknown", value=str(value)[:40])


def _same(given: Json, value: Json) -> bool:
    """Whether a given value means a choice; a posted text means the choice it spells."""
    if type(given) is type(value):
        return bool(given == value)
    return isinstance(given, str) and given.strip() == spelling(value)


def spelling(value: Json) -> str:
    """Write a choice's value as an HTML form posts it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _choices(given: Json, options: tuple[Option, ...]) -> list[Json] | None:
    if given is None:
        return None
    values = given if isinstance(given, list) else [given]
    if len(values) > CHOICES:
        raise Refused("list.max", max=CHOICES)
    chosen = [_choice(value, options) for value in values if not _is_blank(value)]
    if len({spelling(value) for value in chosen}) != len(chosen):
        raise Refused("list.duplicate")
    return chosen


def _files(given: Json, component: Component) -> list[str] | None:
    if given is None:
        return None
    values = given if isinstance(given, list) else [given]
    ids = [value for value in values if not _is_blank(value)]
    limit = FILES if component.multiple else 1
    if len(ids) > limit:
        raise Refused("list.max", max=limit)
    if not all(isinstance(value, str) and _MATERIAL.fullmatch(value) for value in ids):
        raise Refused("type.file")
    return ids


_SIMPLE: dict[str, Callable[[Json], Json]] = {
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "month": _month,
}
