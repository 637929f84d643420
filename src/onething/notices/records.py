"""Read and write notices."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from onething.notices.models import notice


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice."""

    instance_id: str
    notice_id: str
    template: str
    party: str
    sealed: bytes
    at: datetime


def of_case(conn: Connection, instance_id: str) -> list[NoticeRow]:
    """Return the notices of a case, newest first."""
    query = select(notice).where(notice.c.instance_id == instance_id)
    query = query.order_by(notice.c.at.desc(), notice.c.notice_id.desc())
    return [NoticeRow(*row) for row in conn.execute(query)]


def add(conn: Connection, row: NoticeRow) -> bool:
    """Insert a notice unless this very one stands already; tell whether it did not."""
    query = select(notice.c.notice_id).where(
        notice.c.instance_id == row.instance_id, notice.c.notice_id == row.notice_id
    )
    is_new = conn.execute(query).first() is None
    if is_new:
        conn.execute(insert(notice).values({name: getattr(row, name) for name in row.__slots__}))
    return is_new
