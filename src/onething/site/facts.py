"""Read and write what a site was made with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, inspect, select, text

from onething.site.models import site_fact


@dataclass(frozen=True, slots=True)
class FactRow:
    """One thing that a site was made with."""

    name: str
    value: str
    since: datetime
    reason: str | None


def facts(conn: Connection) -> dict[str, FactRow]:
    """Return what is known by name; empty in a database that is older or has no tables yet."""
    if not inspect(conn).has_table(site_fact.name):
        return {}
    rows = conn.execute(select(site_fact).order_by(site_fact.c.name))
    return {row.name: FactRow(*row) for row in rows}


def has_cases(conn: Connection) -> bool:
    """Whether keys of cases are in the database, which may be older than the table of facts."""
    if not inspect(conn).has_table("case_key"):
        return False
    return conn.execute(text("SELECT 1 FROM case_key LIMIT 1")).first() is not None


def put(conn: Connection, row: FactRow) -> None:
    """Write a fact, in place of what was known."""
    conn.execute(delete(site_fact).where(site_fact.c.name == row.name))
    conn.execute(insert(site_fact), {name: getattr(row, name) for name in row.__slots__})
