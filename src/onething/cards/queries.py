"""Read cards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Select, func, select

from onething.cards.models import card
from onething.errors import NotFound

Colour = Literal["amber", "yellow", "red"]
State = Literal["open", "escalated", "answered", "reviewed", "waived"]

BUREAU = "bureau"
"""Addressee of a card that goes to the head of the department from the start."""
COLOURS: tuple[Colour, ...] = get_args(Colour)
STATES: tuple[State, ...] = get_args(State)
_WAITING: tuple[State, ...] = ("open", "escalated")


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card."""

    instance_id: str
    card_id: int
    """Running number in the case."""
    case_no: str
    service: str
    clock_id: str | None
    """None for a card on the case as a whole."""
    item_id: str | None
    token: str | None
    department: str | None
    post: str | None
    """Whose task it is about, where it is known."""
    holder: str | None
    """Account that held the task when the card was raised."""
    rule: str
    colour: Colour
    addressee: str
    """handler, section or bureau."""
    basis: str
    state: State
    raised_at: datetime
    reply_due_at: datetime | None
    """The first instant that is too late; None where no reply is owed."""
    sealed_reply: bytes | None = None
    replied_at: datetime | None = None
    replied_by: str | None = None
    sealed_review: bytes | None = None
    """What the supervisor found, or why the card was waived."""
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None
    escalated_at: datetime | None = None
    """When it was handed up to the department's deputy."""

    @property
    def id(self) -> str:
        """The public id: `<instance>-<number>`."""
        return f"{self.instance_id}-{self.card_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered it."""
        return self.state in _WAITING


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cards a person asks for; None leaves a criterion out."""

    department: str | None = None
    service: str | None = None
    colour: str | None = None
    state: str | None = None
    waiting: bool = False
    """Only those that nobody has answered."""
    since: datetime | None = None
    handed_up: bool = False
    """Only those that a deputy answers for: handed up, or to the bureau from the start."""
    until: datetime | None = None
    """Raised before this instant."""


def get(conn: Connection, public_id: str) -> CardRow:
    """Return one card by its public id; raise NotFound when there is none."""
    instance_id, _, number = public_id.rpartition("-")
    row = None
    if number.isdecimal() and len(number) < len("1000000"):
        query = select(card).where(card.c.instance_id == instance_id, card.c.card_id == int(number))
        row = conn.execute(query).first()
    if row is None:
        raise NotFound(f"No card {public_id}")
    return CardRow(*row)


def of_case(conn: Connection, instance_id: str) -> list[CardRow]:
    """Return the cards of a case, oldest first."""
    query = select(card).where(card.c.instance_id == instance_id).order_by(card.c.card_id)
    return [CardRow(*row) for row in conn.execute(query)]


def known(conn: Connection, instance_ids: Iterable[str]) -> dict[str, list[CardRow]]:
    """Return the cards of several cases, by case; a case without cards is left out."""
    found: dict[str, list[CardRow]] = {}
    query = select(card).where(card.c.instance_id.in_(list(instance_ids)))
    for row in conn.execute(query.order_by(card.c.instance_id, card.c.card_id)):
        found.setdefault(row.instance_id, []).append(CardRow(*row))
    return found


def listing(
    conn: Connection, wanted: Filter, *, after: str | None = None, limit: int = 50
) -> list[CardRow]:
    """Return cards, newest first, beginning after a public id."""
    query = _narrowed(select(card), wanted)
    if after is not None:
        last = get(conn, after)
        is_same = card.c.raised_at == last.raised_at
        earlier = (card.c.instance_id < last.instance_id) | (
            (card.c.instance_id == last.instance_id) & (card.c.card_id < last.card_id)
        )
        query = query.where((card.c.raised_at < last.raised_at) | (is_same & earlier))
    ordered = query.order_by(
        card.c.raised_at.desc(), card.c.instance_id.desc(), card.c.card_id.desc()
    )
    return [CardRow(*row) for row in conn.execute(ordered.limit(limit))]


def count(conn: Connection, wanted: Filter) -> int:
    """Return how many cards a filter finds."""
    return int(conn.execute(_narrowed(select(func.count(card.c.card_id)), wanted)).scalar_one())


def tally(conn: Connection, wanted: Filter) -> dict[tuple[str | None, str], int]:
    """Count the cards that were not waived, by department and colour."""
    counted = select(card.c.department, card.c.colour, func.count(card.c.card_id))
    query = _narrowed(counted, wanted).where(card.c.state != "waived")
    grouped = query.group_by(card.c.department, card.c.colour)
    return {(row[0], row[1]): row[2] for row in conn.execute(grouped)}


def waiting(conn: Connection, department: str, limit: int) -> list[CardRow]:
    """Return a department's cards that want an answer: whose reply is due first comes first."""
    wanted = select(card).where(card.c.department == department, card.c.state.in_(_WAITING))
    query = wanted.order_by(
        card.c.reply_due_at.nulls_last(), card.c.raised_at, card.c.instance_id, card.c.card_id
    )
    return [CardRow(*row) for row in conn.execute(query.limit(limit))]


def unanswered(conn: Connection, before: datetime, limit: int = 100) -> list[CardRow]:
    """Return open cards whose reply is overdue at an instant, longest overdue first."""
    overdue = select(card).where(card.c.state == "open", card.c.reply_due_at <= before)
    query = overdue.order_by(card.c.reply_due_at, card.c.instance_id, card.c.card_id)
    return [CardRow(*row) for row in conn.execute(query.limit(limit))]


def _narrowed(query: Select[Any], wanted: Filter) -> Select[Any]:
    criteria: list[ColumnElement[bool]] = []
    for column in ("department", "service", "colour", "state"):
        value = getattr(wanted, column)
        if value is not None:
            criteria.append(card.c[column] == value)
    if wanted.waiting:
        criteria.append(card.c.state.in_(_WAITING))
    if wanted.handed_up:
        criteria.append(card.c.escalated_at.is_not(None) | (card.c.addressee == BUREAU))
    if wanted.since is not None:
        criteria.append(card.c.raised_at >= wanted.since)
    if wanted.until is not None:
        criteria.append(card.c.raised_at < wanted.until)
    return query.where(*criteria)
