"""Case and item numbers.

Source: GB/T 39554.1-2020 for item codes; the case number's form is an assumption of the
service packages until the provincial platform names its own.
"""

import threading
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from datetime import date
from types import ModuleType

from sqlalchemy import Connection, Executable, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from onething.cases.models import serial

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


class NotDrawn(Exception):
    """A command needs running numbers that were to be drawn before it began: it runs again."""

    def __init__(self, scopes: Sequence[str]) -> None:
        super().__init__(f"No number is left of {', '.join(scopes)}")
        self.scopes = scopes


class Serials:
    """The running numbers that this process has drawn and not given out yet.

    A number is locked from its drawing to the commit. Where commands run side by side, on
    PostgreSQL, that commit is not the command's: one that hangs would let every other opening
    of its region wait. What a process has left when it ends is never given out.
    """

    def __init__(self) -> None:
        self._left: dict[str, deque[int]] = {}
        self._lock = threading.Lock()

    def next(self, conn: Connection, scopes: Sequence[str]) -> list[int]:
        """Return a running number of each scope that nobody else has or will get.

        Args:
            conn: The command's connection: on SQLite, which runs one command at a time, the
                numbers are drawn on it.
            scopes: What each number runs within: one kind of number on one day.

        Raises:
            NotDrawn: Too few are left of some; `keep` what is drawn of them, then try again.
        """
        if conn.dialect.name == "sqlite":
            return [next_serial(conn, scope) for scope in scopes]
        with self._lock:
            wanted = Counter(scopes)
            short = [one for one in wanted if len(self._left.get(one, ())) < wanted[one]]
            if short:
                raise NotDrawn(sorted(short))
            return [self._left[scope].popleft() for scope in scopes]

    def keep(self, drawn: Mapping[str, int], amount: int) -> None:
        """Keep numbers whose drawing is committed: so many up to the last of each scope."""
        with self._lock:
            if len(self._left) >= _MOST_SCOPES:  # those of days gone by
                self._left.clear()
            for scope, last in drawn.items():
                block = range(last - amount + 1, last + 1)
                self._left.setdefault(scope, deque()).extend(block)


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
