"""Bring rows into a database: PostgreSQL by COPY, SQLite by inserts of many rows."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Index, func, insert, select, text

from onething.db import Database, metadata
from onething.testing.generation.clones import Name, Pattern, copied, named, texts
from onething.testing.generation.studio import Rows


def load(conn: Connection, rows: Rows) -> None:
    """Bring in the rows of cases that were played."""
    for table in metadata.sorted_tables:
        found = rows.get(table.name)
        if found and table.name == "event":
            found = _in_line(conn, found)
        if found and conn.dialect.name == "postgresql":
            columns = tuple(found[0])
            lines = ("\t".join(copied(row[one]) for one in columns) + "\n" for row in found)
            _copy(conn, table.name, columns, "".join(lines))
        elif found:
            conn.execute(insert(table), found)


def load_clones(conn: Connection, pattern: Pattern, names: list[Name]) -> int:
    """Bring in clones; return how many rows."""
    if conn.dialect.name == "postgresql":
        for table, columns, lines in texts(pattern, names):
            _copy(conn, table, columns, lines)
    else:
        for table, rows in named(pattern, names):
            conn.execute(insert(metadata.tables[table]), rows)
    return len(names) * sum(len(rows) for rows in pattern.rows.values())


def put_indexes_off(database: Database) -> list[Index]:
    """Drop the plain indexes of tables that are filled next; return them.

    On SQLite, whose runs are small, they stay.
    """
    if database.is_sqlite:
        return []
    put_off = [one for table in metadata.sorted_tables for one in table.indexes if not one.unique]

    def drop(conn: Connection) -> None:
        for one in put_off:
            one.drop(conn, checkfirst=True)

    database.write(drop)
    return put_off


def make_indexes(database: Database, put_off: Sequence[Index]) -> None:
    """Make indexes anew, and let the planner know what the tables hold."""
    for one in put_off:
        database.write(partial(_build, index=one))
    if not database.is_sqlite:
        with database.engine.connect() as conn:
            conn.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def raise_numbers(conn: Connection, drawn: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Let the running numbers of the database go on behind those that studios drew."""
    for name, rows in drawn.items():
        table = metadata.tables[name]
        keys = [column.name for column in table.primary_key]
        for row in rows:
            there = [table.c[key] == row[key] for key in keys]
            last = conn.execute(select(table.c.last).where(*there)).scalar()
            if last is None:
                conn.execute(insert(table), [row])
            elif last < row["last"]:
                conn.execute(table.update().where(*there).values(last=row["last"]))


def size_bytes(database: Database) -> int:
    """Return what the database takes on the disk."""
    if database.is_sqlite:
        return database.size_bytes()
    with database.read() as conn:
        query = select(func.pg_database_size(func.current_database()))
        return int(conn.execute(query).scalar_one())


def _build(conn: Connection, index: Index) -> None:
    conn.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
    index.create(conn)


def _in_line(conn: Connection, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put events behind those that the database holds: their place was another one's."""
    bare = [{name: row[name] for name in row if name != "position"} for row in events]
    if conn.dialect.name == "postgresql":
        return bare
    event = metadata.tables["event"]
    last = conn.execute(select(func.coalesce(func.max(event.c.position), 0))).scalar_one()
    return [{**row, "position": last + place} for place, row in enumerate(bare, 1)]


def _copy(conn: Connection, table: str, columns: Sequence[str], lines: str) -> None:
    names = ", ".join(f'"{one}"' for one in columns)
    driver: Any = conn.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        copy.write(lines)
