"""The accounts that are parties of a case beside whoever filed it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    Select,
    Table,
    Text,
    delete,
    exists,
    func,
    insert,
    select,
    union,
    update,
)

from onething.cases.models import case
from onething.db import UtcDateTime, metadata

APPLICANT, COSIGNER, AGENT, PRINCIPAL = "applicant", "cosigner", "agent", "principal"
"""Roles: who filled the application in and who agreed to it; who acts for whom."""

case_party = Table(
    "case_party",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("party", Text, primary_key=True, comment="Name among the manifest's parties; agent."),
    Column("role", Text, nullable=False, comment="applicant, cosigner, agent or principal."),
    Column("user", Text, comment="The account; None until that of a principal is known."),
    Column("is_verified", Boolean, nullable=False, comment="The account's identity was checked."),
    Column("version", Text, nullable=False, comment="Version of the declaration agreed to."),
    Column("answers", Text, nullable=False, comment="Keyed digest of the answers agreed to."),
    Column("agreed_at", UtcDateTime, comment="None for who never agreed in an own session."),
    Column("digest", Text, comment="Keyed digest of the id number that the account must have."),
    Column("until", UtcDateTime, comment="When an agent's mandate ends."),
    Column("ended_at", UtcDateTime, comment="When it was revoked or ended: nothing is seen then."),
    Index("ix_case_party_user", "user"),
    Index("ix_case_party_digest", "digest"),
    Index("ix_case_party_until", "until"),
    comment=(
        "An account that agreed to an application from an own session, acts for its applicant or "
        "is acted for: a projection of the case's history. Written with the opening, bound when a "
        "principal's identity is verified, ended with the mandate, deleted at the end of the "
        "case's retention."
    ),
)


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party of a case."""

    instance_id: str
    party: str
    role: str
    user: str | None
    is_verified: bool
    """Whether the account's identity was checked, and fits the party."""
    version: str
    """Of the declaration; empty for who never agreed in an own session."""
    answers: str = field(repr=False)
    """Keyed digest of the answers agreed to."""
    agreed_at: datetime | None
    digest: str | None = field(default=None, repr=False)
    """Of a principal, or of a citizen at the counter, who has no account in the case yet."""
    until: datetime | None = None
    ended_at: datetime | None = None


def add_parties(conn: Connection, rows: Sequence[PartyRow]) -> None:
    """Write the parties of a new case."""
    if rows:
        names = PartyRow.__slots__
        conn.execute(insert(case_party), [{n: getattr(one, n) for n in names} for one in rows])


def parties(conn: Connection, instance_id: str) -> list[PartyRow]:
    """Return the parties of a case in the order in which they agreed; none where one filed it."""
    one = case_party.c
    query = select(case_party).where(one.instance_id == instance_id)
    return [PartyRow(*row) for row in conn.execute(query.order_by(one.agreed_at, one.party))]


def party_of(conn: Connection, instance_id: str, user: str) -> PartyRow | None:
    """Return what an account is to a case by agreement or mandate, or None."""
    one = case_party.c
    query = select(case_party).where(one.instance_id == instance_id, one.user == user)
    row = conn.execute(query.limit(1)).first()
    return None if row is None else PartyRow(*row)


def accounts_of(conn: Connection, instance_id: str, filed_by: str) -> list[str]:
    """Return the accounts whose case it is: who filed it, and its parties; no ended agent."""
    found = parties(conn, instance_id)
    ended = {one.user for one in found if one.ended_at is not None}
    users = [filed_by, *(one.user for one in found if one.user)]
    return [one for one in dict.fromkeys(users) if one not in ended]


def bind_principal(conn: Connection, user: str, digest: str) -> int:
    """Let an account be the party wherever its verified number stands; return how often."""
    one = case_party.c
    query = update(case_party).where(one.digest == digest, one.user.is_(None))
    return conn.execute(query.values(user=user, is_verified=True)).rowcount


def release_principal(conn: Connection, user: str) -> int:
    """Take an account off the cases that it sees by its verified number alone."""
    one = case_party.c
    query = update(case_party).where(one.user == user, one.digest.is_not(None))
    return conn.execute(query.values(user=None, is_verified=False)).rowcount


def end_agent(conn: Connection, instance_id: str, at: datetime) -> None:
    """End the mandate of a case's agent."""
    one = case_party.c
    query = update(case_party).where(
        one.instance_id == instance_id, one.role == AGENT, one.ended_at.is_(None)
    )
    conn.execute(query.values(ended_at=at))


def end_mandates(conn: Connection, now: datetime) -> int:
    """End the mandates whose time is over; return how many."""
    one = case_party.c
    query = update(case_party).where(one.until <= now, one.ended_at.is_(None))
    return conn.execute(query.values(ended_at=one.until)).rowcount


def ended_mandates(conn: Connection, instance_id: str) -> int:
    """Return how many mandates of a case have ended."""
    one = case_party.c
    query = select(func.count()).where(one.instance_id == instance_id, one.ended_at.is_not(None))
    return int(conn.execute(query).scalar_one())


def drop_parties(conn: Connection, instance_id: str) -> None:
    """Forget the accounts of a case."""
    conn.execute(delete(case_party).where(case_party.c.instance_id == instance_id))


def instances_of(user: str) -> Select[tuple[str]]:
    """Return the query for the instances of the cases that are an account's."""
    filed = select(case.c.instance_id).where(case.c.submitted_by == user, ~_is_ended(user))
    one = case_party.c
    agreed = select(one.instance_id).where(one.user == user, one.ended_at.is_(None))
    own = union(filed, agreed).subquery("own")
    return select(own.c.instance_id)


def _is_ended(user: str) -> ColumnElement[bool]:
    """Whether an account filed a case under a mandate that has ended."""
    one = case_party.c
    return exists().where(
        one.instance_id == case.c.instance_id, one.user == user, one.ended_at.is_not(None)
    )
