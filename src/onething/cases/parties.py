"""The accounts that are parties of a case beside whoever filed it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Column, Connection, Index, Select, Table, Text, delete, insert, select, union
from sqlalchemy.types import Boolean

from onething.cases.models import case
from onething.db import UtcDateTime, metadata

APPLICANT, COSIGNER = "applicant", "cosigner"
"""Roles: who filled in the application, and who agreed to it."""

case_party = Table(
    "case_party",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("party", Text, primary_key=True, comment="Name among the manifest's parties."),
    Column("role", Text, nullable=False, comment="applicant or cosigner."),
    Column("user", Text, nullable=False, comment="The account that agreed."),
    Column("is_verified", Boolean, nullable=False, comment="The account's identity was checked."),
    Column("version", Text, nullable=False, comment="Version of the declaration agreed to."),
    Column("answers", Text, nullable=False, comment="Keyed digest of the answers agreed to."),
    Column("agreed_at", UtcDateTime, nullable=False),
    Index("ix_case_party_user", "user"),
    comment=(
        "An account that agreed to an application from an own session and so sees the case: a "
        "projection of the parties in the case's first event. Written with the opening, deleted "
        "at the end of the case's retention."
    ),
)


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party's agreement to an application."""

    instance_id: str
    party: str
    role: str
    user: str
    is_verified: bool
    """Whether the account's identity was checked, and fits the party."""
    version: str
    """Of the declaration."""
    answers: str = field(repr=False)
    """Keyed digest of the answers agreed to."""
    agreed_at: datetime


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


def is_party(conn: Connection, instance_id: str, user: str) -> bool:
    """Whether an account agreed to a case's application."""
    one = case_party.c
    query = select(one.party).where(one.instance_id == instance_id, one.user == user)
    return conn.execute(query.limit(1)).first() is not None


def drop_parties(conn: Connection, instance_id: str) -> None:
    """Forget the accounts of a case."""
    conn.execute(delete(case_party).where(case_party.c.instance_id == instance_id))


def instances_of(user: str) -> Select[tuple[str]]:
    """Return the query for the instances of the cases that a person filed or agreed to."""
    filed = select(case.c.instance_id).where(case.c.submitted_by == user)
    agreed = select(case_party.c.instance_id).where(case_party.c.user == user)
    own = union(filed, agreed).subquery("own")
    return select(own.c.instance_id)
