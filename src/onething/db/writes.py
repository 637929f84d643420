"""Writes of a command that travel together.

To PostgreSQL every statement is a trip to another process, and the trip costs more than the
write. So the writes of a command wait for one another and go as one statement, before
whatever the command reads next, and at the latest before its commit. A command cannot tell
the difference, but for one thing: what the database refuses is raised where the writes go,
not where they were given; `send` lets them go at once. SQLite lives in this process: there
each write runs when it is given.

Either way SQLAlchemy makes the text of a statement once, and SQLite's driver is given it as it
is: what would be looked up, prepared and told about again for each call costs more than SQLite
takes to write the row.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Delete, Dialect, Engine, Insert, Update, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError

Statement = Insert | Update | Delete
Row = Mapping[str, Any]

MOST_ROWS = 8
"""More rows of one statement go on their own: the driver sends them in one trip as well."""
_WAITING = "onething.writes"


@dataclass(frozen=True, slots=True)
class _Write:
    statement: Statement
    rows: Sequence[Row]
    otherwise: Exception | None


@dataclass(frozen=True, slots=True)
class _Part:
    """The text of a statement for one row, and what makes its parameters."""

    text: str
    parameters: tuple[tuple[str, Any, Any], ...]
    """Name in the row, value where the row has none, and what turns it into the driver's."""

    def values(self, row: Row) -> Iterator[Any]:
        for name, constant, convert in self.parameters:
            value = row.get(name, constant)
            yield value if convert is None else convert(value)


Shape = tuple[str, ...]
"""The dialect's name and behind it those of the parameters: together they make a text."""
_parts: WeakKeyDictionary[Statement, dict[Shape, _Part]] = WeakKeyDictionary()


def write(
    conn: Connection,
    statement: Statement,
    rows: Sequence[Row],
    otherwise: Exception | None = None,
) -> None:
    """Run a statement once for each row, together with the other writes of the command.

    Args:
        conn: The command's connection.
        statement: Made once for all calls, without an IN: its text is kept as long as it lives.
        rows: Its parameters; all rows have the same names and touch different table rows.
        otherwise: Raised unless every one of the rows touches exactly one table row.
    """
    one = _Write(statement, rows, otherwise)
    if conn.dialect.name != "postgresql" or len(rows) > MOST_ROWS:
        _run(conn, one)
    elif rows:
        conn.info.setdefault(_WAITING, []).append(one)


def send(conn: Connection) -> None:
    """Let the writes that wait on a connection go now."""
    waiting: list[_Write] = conn.info.pop(_WAITING, [])
    while waiting:
        count = _independent(waiting)
        _run_together(conn, waiting[:count])
        del waiting[:count]


def send_before_reading(engine: Engine) -> None:
    """Let no statement of an engine overtake the writes that wait on its connection."""

    @event.listens_for(engine, "before_cursor_execute")
    def first(conn: Connection, *_words: object) -> None:
        if _WAITING in conn.info:
            send(conn)

    @event.listens_for(engine, "rollback_savepoint")
    @event.listens_for(engine, "rollback")
    def forget(conn: Connection, *_words: object) -> None:
        if not conn.invalidated:  # a connection that broke has taken them along
            conn.info.pop(_WAITING, None)


def _independent(waiting: Sequence[_Write]) -> int:
    """Return how many of the first writes may go as one statement.

    Its parts all see the tables as they were before it: a row that one part writes can be
    neither changed nor deleted by another.
    """
    touched: dict[str, str] = {}
    for count, one in enumerate(waiting):
        kind, table = type(one.statement).__name__, str(one.statement.table)
        before = touched.get(table)
        if before is not None and (kind != "Insert" or before == "Delete"):
            return count
        touched[table] = kind
    return len(waiting)


def _run(conn: Connection, one: _Write) -> None:
    if not one.rows:
        return
    name = conn.dialect.name
    part = _part(one, name)
    given = [tuple(part.values(row)) for row in one.rows]
    if name == "sqlite":
        touched = _drive(conn, part.text, given)
    else:
        touched = conn.exec_driver_sql(part.text, given if len(given) > 1 else given[0]).rowcount
    if one.otherwise is not None and touched != len(one.rows):
        raise one.otherwise


def _drive(conn: Connection, text: str, given: list[tuple[Any, ...]]) -> int:
    """Let SQLite's driver write rows in the command's transaction; return how many it touched."""
    if not conn.in_transaction():
        conn.begin()
    driver: Any = conn.connection.driver_connection
    try:
        if len(given) == 1:
            return int(driver.execute(text, given[0]).rowcount)
        return int(driver.executemany(text, given).rowcount)
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            text, given, error, sqlite3.Error, hide_parameters=True, dialect=conn.dialect
        ) from error


def _run_together(conn: Connection, writes: Sequence[_Write]) -> None:
    if len(writes) == 1:
        _run(conn, writes[0])
        return
    parts: list[str] = []
    values: list[Any] = []
    required: dict[str, Exception] = {}
    for one in writes:
        part = _part(one, "postgresql")
        for row in one.rows:
            name = f"w{len(parts)}"
            counted = " RETURNING 1" if one.otherwise is not None else ""
            parts.append(f"{name} AS ({part.text}{counted})")
            values += part.values(row)
            if one.otherwise is not None:
                required[name] = one.otherwise
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in required) or "0"  # noqa: S608 - own names
    text = f"WITH {', '.join(parts)} SELECT {counts}"
    touched = conn.exec_driver_sql(text, tuple(values)).one()
    for otherwise, count in zip(required.values(), touched, strict=False):
        if count != 1:
            raise otherwise


def _part(one: _Write, dialect: str) -> _Part:
    known = _parts.setdefault(one.statement, {})
    shape = (dialect, *one.rows[0])
    if shape not in known:
        known[shape] = _compiled(one.statement, shape)
    return known[shape]


def _compiled(statement: Statement, shape: Shape) -> _Part:
    dialect, *names = shape
    compiled: Any = statement.compile(dialect=_positional(dialect), column_keys=names)
    converts = compiled._bind_processors  # noqa: SLF001 - no public way
    return _Part(
        compiled.string,
        tuple((name, compiled.params[name], converts.get(name)) for name in compiled.positiontup),
    )


@cache
def _positional(name: str) -> Dialect:
    """The dialect that names parameters by their places: parts can stand side by side."""
    if name == "sqlite":
        return SQLiteDialect_pysqlite(paramstyle="qmark")
    return PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]
