"""Statements that are made once: their text, and what turns values into the driver's and back.

What SQLAlchemy would look up, prepare and tell about again for each call costs more than SQLite
takes to do it. A connection of SQLite is given the text by its driver, any other one by
SQLAlchemy, so that what waits on it goes first (see `writes`).
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError

Statement = Insert | Update | Delete | Select[Any]
Row = Mapping[str, Any]
Values = tuple[Any, ...]
Converter = Callable[[Any], Any] | None

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text of a statement for one row, and what makes its parameters and its answer."""

    text: str
    parameters: tuple[tuple[str, Any, Converter], ...]
    """Name in the row, value where the row has none, and what turns it into the driver's."""
    columns: tuple[Converter, ...] = ()
    """What turns the driver's values of a SELECT back."""

    def values(self, row: Row) -> Iterator[Any]:
        """Yield the driver's parameters of a row."""
        for name, constant, convert in self.parameters:
            value = row.get(name, constant)
            yield value if convert is None else convert(value)

    def answer(self, found: Sequence[Any]) -> Values:
        """Return a row that the driver found."""
        return tuple(
            value if convert is None else convert(value)
            for value, convert in zip(found, self.columns, strict=True)
        )


Shape = tuple[str, ...]
"""The dialect's name and behind it those of the parameters: together they make a text."""
_prepared: WeakKeyDictionary[Statement, dict[Shape, Prepared]] = WeakKeyDictionary()


def prepared(statement: Statement, dialect: str, row: Row) -> Prepared:
    """Return the text of a statement for rows with these names.

    Args:
        statement: Made once for all calls, without an IN: its text is kept as long as it lives.
        dialect: SQLITE or POSTGRESQL.
        row: Its parameters.
    """
    known = _prepared.setdefault(statement, {})
    shape = (dialect, *row)
    if shape not in known:
        known[shape] = _compiled(statement, shape)
    return known[shape]


def first(conn: Connection, statement: Select[Any], row: Row) -> Values | None:
    """Return the first row that a SELECT finds, or None; the statement as for `prepared`."""
    name = conn.dialect.name
    one = prepared(statement, name, row)
    given = tuple(one.values(row))
    found: Any = (
        drive(conn, one.text, [given]).fetchone()
        if name == SQLITE
        else conn.exec_driver_sql(one.text, given).first()
    )
    return None if found is None else one.answer(found)


def drive(conn: Connection, text: str, given: list[Values]) -> sqlite3.Cursor:
    """Let SQLite's driver run a statement for each row, in the command's transaction.

    Raises:
        DBAPIError: As SQLAlchemy would raise it; it does not tell the values.
    """
    if not conn.in_transaction():
        conn.begin()
    driver: sqlite3.Connection = conn.connection.driver_connection  # type: ignore[assignment]
    try:
        if len(given) == 1:
            return driver.execute(text, given[0])
        return driver.executemany(text, given)
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            text, given, error, sqlite3.Error, hide_parameters=True, dialect=conn.dialect
        ) from error


def _compiled(statement: Statement, shape: Shape) -> Prepared:
    name, *names = shape
    dialect = _positional(name)
    compiled: Any = statement.compile(dialect=dialect, column_keys=names)
    converts = compiled._bind_processors  # noqa: SLF001 - no public way
    return Prepared(
        compiled.string,
        tuple((name, compiled.params[name], converts.get(name)) for name in compiled.positiontup),
        _columns(statement, dialect) if isinstance(statement, Select) else (),
    )


def _columns(statement: Select[Any], dialect: Dialect) -> tuple[Converter, ...]:
    kinds = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
    return tuple(kind.result_processor(dialect, None) for kind in kinds)


@cache
def _positional(name: str) -> Dialect:
    """The dialect that names parameters by their places: parts can stand side by side."""
    if name == SQLITE:
        return SQLiteDialect_pysqlite(paramstyle="qmark")
    return PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]
