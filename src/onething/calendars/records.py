"""Read and write imported notices."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from onething.calendars.models import calendar_notice


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One imported notice."""

    number: int
    """Running number of the import, from 1."""
    jurisdiction: str
    year: int
    content: str
    """The file, TOML."""
    imported_at: datetime
    imported_by: str


_SINCE = (
    select(calendar_notice)
    .where(calendar_notice.c.number > bindparam("last"))
    .order_by(calendar_notice.c.number)
)


def since(conn: Connection, number: int) -> list[NoticeRow]:
    """Return the notices that were imported after one, oldest first; 0 for all."""
    return [NoticeRow(*row) for row in conn.execute(_SINCE, {"last": number})]


def add(conn: Connection, row: NoticeRow) -> None:
    """Store a notice; an IntegrityError tells that another one took its number."""
    conn.execute(insert(calendar_notice).values(**asdict(row)))
