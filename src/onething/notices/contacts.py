"""Read and write where and how people want to be told."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from onething.notices.models import contact, reader

CHANNELS = ("email", "sms")


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One address or number of one person."""

    user: str
    channel: str
    sealed_address: bytes = field(repr=False)
    state: str
    is_on: bool
    number: int
    """The running number of its code: with each new code, one more."""
    sealed_code: bytes | None = field(repr=False)
    code_until: datetime | None
    code_tries: int
    bounces: int
    verified_at: datetime | None
    updated_at: datetime

    @property
    def takes_news(self) -> bool:
        """Whether it is told of news."""
        return self.state == "verified" and self.is_on


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """How one person wants to be told."""

    user: str
    language: str = "zh"
    only_required: bool = False


def contacts_of(conn: Connection, user: str) -> list[ContactRow]:
    """Return a person's addresses."""
    query = select(contact).where(contact.c.user == user).order_by(contact.c.channel)
    return [ContactRow(*row) for row in conn.execute(query)]


def find_contact(
    conn: Connection, user: str, channel: str, *, lock: bool = False
) -> ContactRow | None:
    """Return a person's address of a channel, or None; with `lock` nobody else writes to it."""
    query = select(contact).where(contact.c.user == user, contact.c.channel == channel)
    row = conn.execute(query.with_for_update() if lock else query).first()
    return None if row is None else ContactRow(*row)


def put_contact(conn: Connection, row: ContactRow) -> None:
    """Write an address in the place of whatever is there."""
    drop_contact(conn, row.user, row.channel)
    conn.execute(insert(contact).values({name: getattr(row, name) for name in row.__slots__}))


def set_contact(conn: Connection, user: str, channel: str, **values: Any) -> None:  # noqa: ANN401 - columns
    """Change some columns of an address."""
    mine = (contact.c.user == user) & (contact.c.channel == channel)
    conn.execute(update(contact).where(mine).values(**values))


def drop_contact(conn: Connection, user: str, channel: str) -> None:
    """Forget an address."""
    mine = (contact.c.user == user) & (contact.c.channel == channel)
    conn.execute(delete(contact).where(mine))


def reader_of(conn: Connection, user: str) -> ReaderRow:
    """Return how a person wants to be told."""
    row = conn.execute(select(reader).where(reader.c.user == user)).first()
    return ReaderRow(user) if row is None else ReaderRow(*row)


def put_reader(conn: Connection, row: ReaderRow) -> None:
    """Write how a person wants to be told."""
    values = {"language": row.language, "only_required": row.only_required}
    done = conn.execute(update(reader).where(reader.c.user == row.user).values(**values))
    if not done.rowcount:
        conn.execute(insert(reader).values(user=row.user, **values))
