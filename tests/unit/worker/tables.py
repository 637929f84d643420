"""The tables of the job engine, as they stand in either database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, MetaData, Table, text

from onething.worker.durable import SCHEMA, Durable


@contextmanager
def reaching(engine: Durable) -> Iterator[Connection]:
    """Open a transaction that finds the engine's tables by their names alone."""
    assert engine._engine is not None
    with engine._engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
        yield conn


def execute(engine: Durable, statement: str, **values: Any) -> list[Any]:
    """Read or write the engine's tables."""
    with reaching(engine) as conn:
        done = conn.execute(text(statement), values)
        return list(done) if done.returns_rows else []


def tables(engine: Durable) -> list[Table]:
    """Return the engine's tables."""
    with reaching(engine) as conn:
        found = MetaData(schema=SCHEMA if conn.dialect.name == "postgresql" else None)
        found.reflect(conn)
    return list(found.tables.values())


def everything(engine: Durable) -> list[tuple[str, Any]]:
    """Return column and value of all that stands in the engine's tables."""
    with reaching(engine) as conn:
        rows = [one for table in tables(engine) for one in conn.execute(table.select())]
    return [(name, one) for row in rows for name, one in row._mapping.items() if one is not None]
