"""Read and write what departments delivered by themselves, so that nothing counts twice."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from onething.messages.models import hook_delivery


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery, and what it was answered."""

    department: str
    delivery_id: str
    request: str
    """Keyed digest of what was delivered."""
    case_no: str | None
    received_at: datetime


def delivered(conn: Connection, department: str, delivery_id: str) -> DeliveryRow | None:
    """Return an earlier delivery of the same name, or None."""
    query = select(hook_delivery).where(
        hook_delivery.c.department == department, hook_delivery.c.delivery_id == delivery_id
    )
    row = conn.execute(query).first()
    return None if row is None else DeliveryRow(*row)


def note_delivery(conn: Connection, row: DeliveryRow) -> None:
    """Remember a delivery and its answer."""
    conn.execute(insert(hook_delivery).values({name: getattr(row, name) for name in row.__slots__}))


def drop_deliveries(conn: Connection, until: datetime) -> None:
    """Forget deliveries of an instant and earlier."""
    conn.execute(delete(hook_delivery).where(hook_delivery.c.received_at <= until))
