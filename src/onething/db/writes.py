"""Writes of a command that travel together.

To PostgreSQL every statement is a trip to another process, and the trip costs more than the
write. So the writes of a command wait for one another and go as one statement, before
whatever the command reads next, and at the latest before its commit. A command cannot tell
the difference, but for one thing: what the database refuses is raised where the writes go,
not where they were given; `send` lets them go at once. SQLite lives in this process: there
each write runs when it is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Engine, Insert, Update, event

from onething.db.prepared import POSTGRESQL, SQLITE, Row, drive, prepared

Written = Insert | Update | Delete

MOST_ROWS = 8
"""More rows of one statement go on their own: the driver sends them in one trip as well."""
_WAITING = "onething.writes"


@dataclass(frozen=True, slots=True)
class _Write:
    statement: Written
    rows: Sequence[Row]
    otherwise: Exception | None


def write(
    conn: Connection,
    statement: Written,
    rows: Sequence[Row],
    otherwise: Exception | None = None,
) -> None:
    """Run a statement once for each row, together with the other writes of the command.

    Args:
        conn: The command's connection.
        statement: Made once for all calls, as for `prepared`.
        rows: Its parameters; all rows have the same names and touch different table rows.
        otherwise: Raised unless every one of the rows touches exactly one table row.
    """
    one = _Write(statement, rows, otherwise)
    if conn.dialect.name != POSTGRESQL or len(rows) > MOST_ROWS:
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
    part = prepared(one.statement, name, one.rows[0])
    given = [tuple(part.values(row)) for row in one.rows]
    touched = (
        drive(conn, part.text, given)
        if name == SQLITE
        else conn.exec_driver_sql(part.text, given if len(given) > 1 else given[0])
    ).rowcount
    if one.otherwise is not None and touched != len(one.rows):
        raise one.otherwise


def _run_together(conn: Connection, writes: Sequence[_Write]) -> None:
    if len(writes) == 1:
        _run(conn, writes[0])
        return
    parts: list[str] = []
    values: list[Any] = []
    required: dict[str, Exception] = {}
    for one in writes:
        part = prepared(one.statement, POSTGRESQL, one.rows[0])
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
