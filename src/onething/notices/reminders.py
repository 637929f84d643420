"""Read and write what people are to be reminded of."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from onething.notices.models import reminder as table


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """Something that one person is to be told at a time."""

    instance_id: str
    reminder_id: str
    user: str
    case_no: str | None
    token: str | None
    link: str | None
    sealed: bytes = field(repr=False)
    due_at: datetime


def put_reminder(conn: Connection, row: ReminderRow) -> None:
    """Write a reminder in the place of an earlier one of this id and person."""
    conn.execute(delete(table).where(*_same(row)))
    conn.execute(insert(table).values({name: getattr(row, name) for name in row.__slots__}))


def drop_reminders(conn: Connection, instance_id: str, reminder_id: str) -> int:
    """Delete a reminder of all people; return how many would have been told."""
    mine = table.c.instance_id == instance_id, table.c.reminder_id == reminder_id
    return conn.execute(delete(table).where(*mine)).rowcount


def take_reminder(conn: Connection, row: ReminderRow) -> bool:
    """Delete a reminder that is about to be told; False where somebody was faster."""
    is_same = (*_same(row), table.c.due_at == row.due_at)
    return conn.execute(delete(table).where(*is_same)).rowcount == 1


def put_off_reminder(conn: Connection, row: ReminderRow, until: datetime) -> None:
    """Let a reminder wait."""
    conn.execute(update(table).where(*_same(row)).values(due_at=until))


def due_reminders(conn: Connection, now: datetime, limit: int) -> list[ReminderRow]:
    """Return reminders that are due, longest overdue first."""
    query = select(table).where(table.c.due_at <= now)
    query = query.order_by(table.c.due_at, table.c.instance_id, table.c.reminder_id)
    return [ReminderRow(*row) for row in conn.execute(query.limit(limit))]


def _same(row: ReminderRow) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.instance_id == row.instance_id,
        table.c.reminder_id == row.reminder_id,
        table.c.user == row.user,
    )
