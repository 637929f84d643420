"""Contents that may lie in no case: kept for a while, then erased where nothing names them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from onething.materials.models import waiting_content as table


def keep_until(conn: Connection, names: Iterable[str], until: datetime) -> None:
    """Let contents not be erased before an instant; a later one that was told before stands."""
    rows = [{"sha256": name, "until": until} for name in sorted(set(names))]
    if not rows:
        return
    kind = postgresql if conn.dialect.name == "postgresql" else sqlite
    new = kind.insert(table)
    later = case((new.excluded.until > table.c.until, new.excluded.until), else_=table.c.until)
    conn.execute(new.on_conflict_do_update(index_elements=["sha256"], set_={"until": later}), rows)


def hold_due(conn: Connection, now: datetime, limit: int) -> list[str]:
    """Lock contents that nobody must keep any longer, longest due first; return their names.

    Whoever takes one of them in meanwhile waits for the end of the transaction.
    """
    query = select(table.c.sha256).where(table.c.until <= now)
    query = query.order_by(table.c.until, table.c.sha256).limit(limit)
    return list(conn.scalars(query.with_for_update(skip_locked=True)))


def put_off(conn: Connection, names: Collection[str], until: datetime) -> None:
    """Look at contents again at another time."""
    if names:
        conn.execute(update(table).where(table.c.sha256.in_(names)).values(until=until))


def forget(conn: Connection, names: Collection[str]) -> None:
    """Look at contents no more."""
    if names:
        conn.execute(delete(table).where(table.c.sha256.in_(names)))
