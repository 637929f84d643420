"""Read drafts."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, ScalarSelect, func, select

from onething.drafts.models import draft, draft_file


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One draft."""

    user: str
    subject: str
    """A service's code, or `task:` and a task's id."""
    kind: str
    """saved or left."""
    draft_id: str
    """Random; what is sent from the draft opens its case under this key."""
    version: int
    """One more with each saving; 1 at first."""
    page: str
    """The page that saved it last."""
    answers: bytes = field(repr=False)
    """Sealed under the master key."""
    code: str | None = field(repr=False)
    """Keyed digest of the code by which another device goes on."""
    code_until: datetime | None
    begun_by: str | None
    """Who had the task before and began to fill it in."""
    created_at: datetime
    updated_at: datetime
    expires_at: datetime


def find(
    conn: Connection, user: str, subject: str, now: datetime, kind: str = "saved"
) -> DraftRow | None:
    """Return a person's draft of a subject, or None where there is none or it is over."""
    one = draft.c
    query = select(draft).where(
        one.user == user, one.subject == subject, one.kind == kind, one.expires_at > now
    )
    row = conn.execute(query).first()
    return None if row is None else DraftRow(*row)


def of_user(conn: Connection, user: str, now: datetime) -> list[DraftRow]:
    """Return a person's drafts, the newest first."""
    query = (
        select(draft)
        .where(draft.c.user == user, draft.c.expires_at > now)
        .order_by(draft.c.updated_at.desc(), draft.c.subject, draft.c.kind)
    )
    return [DraftRow(*row) for row in conn.execute(query)]


def of_subject(conn: Connection, subject: str, now: datetime) -> list[DraftRow]:
    """Return what its writers have saved of a subject, the newest first."""
    one = draft.c
    query = (
        select(draft)
        .where(one.subject == subject, one.kind == "saved", one.expires_at > now)
        .order_by(one.updated_at.desc(), one.user)
    )
    return [DraftRow(*row) for row in conn.execute(query)]


def count_of(subject: str) -> ScalarSelect[int]:
    """Return the question how many drafts there are of a subject, whoever wrote them."""
    query = select(func.count()).select_from(draft).where(draft.c.subject == subject)
    return query.scalar_subquery()


def of_code(conn: Connection, user: str, code: str, now: datetime) -> DraftRow | None:
    """Return a person's draft that has this code's digest, while both hold."""
    one = draft.c
    query = select(draft).where(
        one.user == user, one.code == code, one.code_until > now, one.expires_at > now
    )
    row = conn.execute(query).first()
    return None if row is None else DraftRow(*row)


def kept_of(conn: Connection, names: Collection[str]) -> set[str]:
    """Return which of some contents a draft keeps."""
    query = select(draft_file.c.sha256).where(draft_file.c.sha256.in_(names))
    return set(conn.scalars(query))
