"""Case and item numbers.

Source: GB/T 39554.1-2020 for item codes; the case number's form is an assumption of the
service packages until the provincial platform names its own.
"""

from datetime import date

from sqlalchemy import Connection, bindparam, insert, update

from onething.cases.models import serial

_MODULUS = 11
ITEM_CODE_LENGTH = 31
_DRAW = (
    update(serial)
    .where(serial.c.scope == bindparam("of"))
    .values(last=serial.c.last + 1)
    .returning(serial.c.last)
)
"""One statement, so that two commands at the same instant never draw the same number."""
_FIRST = insert(serial)


def next_serial(conn: Connection, scope: str) -> int:
    """Draw the next running number of a scope, from 1."""
    drawn = conn.execute(_DRAW, {"of": scope}).scalar()
    if drawn is None:
        conn.execute(_FIRST, {"scope": scope, "last": 1})
        return 1
    return int(drawn)


def case_number(region: str, theme: str, on: date, running: int) -> str:
    """Return the 24 characters of a case number.

    `L`, division (6 digits), theme (3), day (8), running number (5) and a check character by
    ISO 7064 MOD 11-2 over the digits.
    """
    digits = f"{region[:6]:0<6}{theme}{on:%Y%m%d}{running:05d}"
    return f"L{digits}{check_character(digits)}"


def item_number(item_code: str, on: date, running: int) -> str:
    """Return the 43 characters of an item's number: code (31), day (8), running number (4)."""
    return f"{item_code:0<{ITEM_CODE_LENGTH}}{on:%Y%m%d}{running:04d}"


def check_character(digits: str) -> str:
    """Return the ISO 7064 MOD 11-2 check character of a text of digits."""
    product = 0
    for digit in digits:
        product = (product + int(digit)) * 2 % _MODULUS
    value = (1 - product) % _MODULUS
    return "X" if value == _MODULUS - 1 else str(value)
