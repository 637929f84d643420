"""Read and write what departments told for an application that is not sent yet."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from onething.sharing.models import shared_answer


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What departments told of one person for one application."""

    user: str
    service: str
    application: str
    consent: str
    """agreed or refused."""
    sealed: bytes = field(repr=False)
    decided_at: datetime
    expires_at: datetime


_FIND = select(shared_answer).where(
    shared_answer.c.user == bindparam("user"), shared_answer.c.service == bindparam("service")
)


def find_answer(conn: Connection, user: str, service: str, now: datetime) -> AnswerRow | None:
    """Return what is kept for a person's application, or None where it is over."""
    row = conn.execute(_FIND, {"user": user, "service": service}).first()
    found = None if row is None else AnswerRow(*row)
    return found if found is not None and found.expires_at > now else None


def put_answer(conn: Connection, row: AnswerRow) -> None:
    """Write what departments told, in the place of what is there."""
    drop_answer(conn, row.user, row.service)
    conn.execute(insert(shared_answer), {name: getattr(row, name) for name in row.__slots__})


def drop_answer(conn: Connection, user: str, service: str | None = None) -> None:
    """Delete what is kept for a person's application, or for all of them."""
    chosen = delete(shared_answer).where(shared_answer.c.user == user)
    if service is not None:
        chosen = chosen.where(shared_answer.c.service == service)
    conn.execute(chosen)


def drop_expired_answers(conn: Connection, now: datetime) -> int:
    """Delete what nobody sent in time; return how many applications it was."""
    return conn.execute(delete(shared_answer).where(shared_answer.c.expires_at <= now)).rowcount
