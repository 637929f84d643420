"""Write cards."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from onething.cards.models import card
from onething.cards.queries import CardRow

_COLUMNS = tuple(one.name for one in fields(CardRow))


def add(conn: Connection, row: CardRow) -> None:
    """Insert a card."""
    conn.execute(insert(card), {name: getattr(row, name) for name in _COLUMNS})


def answer(conn: Connection, row: CardRow, sealed: bytes, by: str, at: datetime) -> None:
    """Write the reply of those whom a card is about."""
    _move(conn, row, state="answered", sealed_reply=sealed, replied_at=at, replied_by=by)


def review(conn: Connection, row: CardRow, sealed: bytes, by: str, at: datetime) -> None:
    """Write what the supervisor finds; it ends the card."""
    _move(conn, row, state="reviewed", sealed_review=sealed, reviewed_at=at, reviewed_by=by)


def waive(conn: Connection, row: CardRow, sealed: bytes, by: str, at: datetime) -> None:
    """Take a card back for a reason; it counts no more."""
    _move(conn, row, state="waived", sealed_review=sealed, reviewed_at=at, reviewed_by=by)


def escalate(conn: Connection, row: CardRow, at: datetime, reply_due_at: datetime | None) -> None:
    """Hand a card that nobody answered up; whoever gets it owes the reply by a new instant."""
    _move(conn, row, state="escalated", escalated_at=at, reply_due_at=reply_due_at)


def _move(conn: Connection, row: CardRow, **values: Any) -> None:  # noqa: ANN401 - columns of a card
    is_it = (card.c.instance_id == row.instance_id) & (card.c.card_id == row.card_id)
    conn.execute(update(card).where(is_it).values(**values))
