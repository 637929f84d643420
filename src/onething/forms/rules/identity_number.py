"""The 18-character identity number and what it tells.

Source: GB 11643-1999 (structure), ISO 7064 MOD 11-2 (check character).
"""

import re
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FORM = re.compile(r"[0-9]{17}[0-9X]")
_OLD_FORM = re.compile(r"[0-9]{15}")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a valid number says of its holder."""

    number: str
    birth: date
    sex: str
    """男 or 女: the sequence number is odd for men."""

    @property
    def region(self) -> str:
        """Six digits: the division of the first registration."""
        return self.number[:6]


def normal(value: str) -> str:
    """Write a number as it is stored: without blanks, the check letter in upper case."""
    return re.sub(r"\s", "", value).upper()


def fault(number: str, today: date) -> str | None:
    """Name what is wrong with a normal number: `form`, `check`, `date`, `future`, or None."""
    if not _FORM.fullmatch(number):
        return "form"
    if check_character(number[:17]) != number[17]:
        return "check"
    birth = _birth(number)
    if birth is None:
        return "date"
    return "future" if birth > today else None


def identity_of(number: str, today: date) -> Identity | None:
    """Read a number; None when it is not valid."""
    number = normal(number)
    birth = None if fault(number, today) else _birth(number)
    if birth is None:
        return None
    return Identity(number, birth, "男" if int(number[16]) % 2 else "女")


def check_character(body: str) -> str:
    """Compute the 18th character of 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return _CHECKS[total % 11]


def from_15_digits(number: str) -> str | None:
    """Convert a number of before 1999 for looking up history; None when it is not one.

    New cases refuse such numbers. The century is the 20th: first-generation cards.
    """
    if not _OLD_FORM.fullmatch(number):
        return None
    body = f"{number[:6]}19{number[6:]}"
    return body + check_character(body)


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
