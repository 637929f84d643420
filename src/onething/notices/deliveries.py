"""Read and write how lines go to e-mail addresses and mobile numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from onething.notices.models import news_delivery as table


@dataclass(frozen=True, slots=True)
class NewsDeliveryRow:
    """One line on its way to one address."""

    instance_id: str
    line_id: str
    user: str
    channel: str
    effect_key: str
    state: str
    at: datetime
    sent_at: datetime | None = None
    receipt: str | None = None


def add_delivery(conn: Connection, row: NewsDeliveryRow) -> None:
    """Insert a line's way to an address."""
    conn.execute(insert(table).values({name: getattr(row, name) for name in row.__slots__}))


def waiting_delivery(conn: Connection, instance_id: str, user: str, channel: str) -> str | None:
    """Return the newest job that has not told a person of a case yet, or None."""
    query = select(table.c.effect_key).where(
        table.c.instance_id == instance_id,
        table.c.user == user,
        table.c.channel == channel,
        table.c.state == "waiting",
    )
    row = conn.execute(query.order_by(table.c.at.desc()).limit(1)).first()
    return None if row is None else str(row[0])


def deliveries_of(conn: Connection, instance_id: str) -> list[NewsDeliveryRow]:
    """Return how the lines of a case went out, oldest first."""
    query = select(table).where(table.c.instance_id == instance_id)
    return [NewsDeliveryRow(*row) for row in conn.execute(query.order_by(table.c.at))]


def close_delivery(  # noqa: PLR0913 - the columns that it closes with
    conn: Connection,
    instance_id: str,
    effect_key: str,
    state: str,
    sent_at: datetime | None = None,
    receipt: str | None = None,
) -> None:
    """Note what became of all lines that one job was to tell."""
    of_job = (table.c.instance_id == instance_id) & (table.c.effect_key == effect_key)
    values = {"state": state, "sent_at": sent_at, "receipt": receipt}
    conn.execute(update(table).where(of_job, table.c.state == "waiting").values(values))


def by_line(rows: Iterable[NewsDeliveryRow]) -> dict[tuple[str, str], list[NewsDeliveryRow]]:
    """Return deliveries by line and person."""
    found: dict[tuple[str, str], list[NewsDeliveryRow]] = {}
    for row in rows:
        found.setdefault((row.line_id, row.user), []).append(row)
    return found
