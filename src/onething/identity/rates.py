"""How often something was tried lately, counted for all nodes together."""

from datetime import datetime

from sqlalchemy import Connection, case, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from onething.identity.models import rate


def count_rate(conn: Connection, key: str, amount: int, now: datetime, until: datetime) -> int:
    """Count on and return the count; what has run out begins anew and ends at `until`.

    What ends far later than that was begun under a clock that has been set back since: it is over.
    """
    kind = postgresql if conn.dialect.name == "postgresql" else sqlite
    statement = kind.insert(rate).values(key=key, count=amount, until=until)
    is_over = or_(rate.c.until <= now, rate.c.until > until + (until - now))
    counted: int = conn.execute(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((is_over, amount), else_=rate.c.count + amount),
                "until": case((is_over, statement.excluded.until), else_=rate.c.until),
            },
        ).returning(rate.c.count)
    ).scalar_one()
    if counted == amount:
        conn.execute(delete(rate).where(rate.c.until <= now))
    return counted


def rate_of(conn: Connection, key: str, now: datetime) -> tuple[int, datetime]:
    """Return what is counted under a key, and until when."""
    query = select(rate).where(rate.c.key == key, rate.c.until > now)
    row = conn.execute(query).first()
    return (0, now) if row is None else (row[1], row[2])


def forget_rates(conn: Connection, key: str | None = None) -> int:
    """Forget one count, or all; return how many were forgotten."""
    chosen = delete(rate)
    if key is not None:
        chosen = chosen.where(rate.c.key == key)
    return conn.execute(chosen).rowcount
