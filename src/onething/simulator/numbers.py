"""Citizen identity numbers: read what one tells, make one for a child."""

import re
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_WRITTEN = re.compile(r"\d{17}[\dX]", re.ASCII)


@dataclass(frozen=True, slots=True)
class IdNumber:
    """What an identity number tells of its holder."""

    division: str
    birth: date
    sex: str


def check_digit(first_17: str) -> str:
    """Return the last character for the first 17 digits. Source: GB 11643-1999, MOD 11-2."""
    weighted = zip(_WEIGHTS, first_17, strict=True)
    return _CHECKS[sum(weight * int(digit) for weight, digit in weighted) % 11]


def read_id_number(number: str) -> IdNumber | None:
    """Read an 18-digit number; None when it is none."""
    if not _WRITTEN.fullmatch(number) or check_digit(number[:17]) != number[17]:
        return None
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return IdNumber(number[:6], birth, "男" if int(number[16]) % 2 else "女")


def make_id_number(division: str, birth: date, sex: str, sequence: int) -> str:
    """Make the number of the ``sequence``-th child (0–499) of a division, day and sex."""
    order = sequence * 2 + (1 if sex == "男" else 0)
    first_17 = f"{division[:6]}{birth.isoformat().replace('-', '')}{order:03d}"
    return first_17 + check_digit(first_17)
