"""The canonical text of a JSON value.

One implementation for everything that is hashed, sealed or compared. Floats have no place
in a value: JSON is read with Decimal.
"""

import json
import re
from decimal import Decimal
from typing import Any

import orjson

_OPTIONS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
_BEYOND_BASIC_PLANE = re.compile(rb"[\xf0-\xf4]")


def canonical(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return the one UTF-8 text that stands for a JSON value.

    Keys and escapes follow the JSON canonicalization scheme; numbers are written with their
    plain digits, without exponent and trailing zeros.

    Raises:
        TypeError: The value holds something that is not JSON.
        ValueError: A text holds half a surrogate pair.
    Source: RFC 8785 §3.2.2, §3.2.3.
    """
    try:
        text = orjson.dumps(value, default=_plain, option=_OPTIONS)
    except orjson.JSONEncodeError:
        return _by_hand(value).encode()
    if _BEYOND_BASIC_PLANE.search(text):
        # orjson sorts keys by code point, the standard by UTF-16 unit: they differ only here.
        return _by_hand(value).encode()
    return text


def parse(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read JSON with every fraction as a Decimal; raise ValueError for anything else."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Decimal):
        return orjson.Fragment(_digits(value))
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _digits(number: Decimal) -> str:
    if not number.is_finite():
        raise TypeError(f"{number} is no JSON number")
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _by_hand(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("the keys of a JSON object are texts")
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_by_hand(key)}:{_by_hand(value[key])}" for key in keys) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_by_hand, value)) + "]"
    if isinstance(value, Decimal):
        return _digits(value)
    if value is None or isinstance(value, (str, bool, int)):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{type(value).__name__} is no JSON value")
