"""Case and item numbers.

Source: GB/T 39554.1-2020 for item codes; the case number's form is an assumption of the
service packages until the provincial platform names its own.
"""

import threading
from datetime import date
from types import ModuleType

from sqlalchemy import Connection, Executable, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from onething.cases.models import serial
from onething.db import Database

_MODULUS = 11
ITEM_CODE_LENGTH = 31
BLOCK = 10
"""So many numbers of a scope a process draws at once where others draw as well."""
_MOST_SCOPES = 1_000


def _drawing(kind: ModuleType) -> Executable:
    """One statement, so that two commands at the same instant never draw the same number."""
    drawn = kind.insert(serial).values(scope=bindparam("of"), last=bindparam("amount"))
    drawn = drawn.on_conflict_do_update(
        index_elements=["scope"], set_={"last": serial.c.last + drawn.excluded.last}
    )
    statement: Executable = drawn.returning(serial.c.last)
    return statement


_DRAW = {"postgresql": _drawing(postgresql), "sqlite": _drawing(sqlite)}


def next_serial(conn: Connection, scope: str, amount: int = 1) -> int:
    """Draw the next running numbers of a scope, from 1; return the last of them."""
    given = {"of": scope, "amount": amount}
    return int(conn.execute(_DRAW[conn.dialect.name], given).scalar_one())


class Serials:
    """The running numbers that this process has drawn and not given out yet.

    A number that is drawn is locked until the commit. On PostgreSQL that commit is not the
    command's: a command that hangs would let every other opening of its region wait. What a
    process has left when it ends is never given out.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._left: dict[str, list[int]] = {}
        self._lock = threading.Lock()

    def next(self, conn: Connection, scope: str) -> int:
        """Return a running number of a scope that nobody else has or will get.

        Args:
            conn: The command's connection: on SQLite, which runs one command at a time, the
                number is drawn on it.
            scope: What the numbers run within: one kind of number on one day.
        """
        if self._database.is_sqlite:
            return next_serial(conn, scope)
        with self._lock:
            if not self._left.get(scope):
                self._left[scope] = self._draw(scope)
            return self._left[scope].pop(0)

    def _draw(self, scope: str) -> list[int]:
        if len(self._left) >= _MOST_SCOPES:  # those of days gone by
            self._left.clear()
        last = self._database.write_aside(lambda conn: next_serial(conn, scope, BLOCK))
        return list(range(last - BLOCK + 1, last + 1))


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
