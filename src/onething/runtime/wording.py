"""What may be said where personal data must not stand: incidents and the outbox."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_HIDDEN = "…"
_SHORTEST = 2
"""Texts of one character say nothing about anybody."""
_LONGEST_MESSAGE = 500
_DIGITS = re.compile(r"\d{6,}[0-9Xx]?")


def impersonal(message: str, values: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a message without the texts of a case and without long rows of digits.

    Args:
        message: A sentence that may quote what it is about.
        values: JSON of the case: every text in it is hidden in the message.
    """
    for text in sorted(set(_texts(values)), key=len, reverse=True):
        message = message.replace(text, _HIDDEN)
    return _DIGITS.sub(_HIDDEN, message)[:_LONGEST_MESSAGE]


def _texts(value: Any) -> Iterable[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, str) and len(value) >= _SHORTEST:
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
