"""Who stands behind an account, by a name and number that somebody has checked."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from onething.errors import Conflict
from onething.identity.accounts import note_change
from onething.identity.actor import Actor
from onething.identity.models import verified_identity


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """The verified identity of one account, sealed."""

    user: str
    digest: str = field(repr=False)
    """Keyed digest of the identity number: one number belongs to one account."""
    sealed: bytes = field(repr=False)
    source: str
    """Who checked it: an operation, or the sign-in of the city."""
    verified_at: datetime


def find_identity(conn: Connection, user: str) -> IdentityRow | None:
    """Return the verified identity of an account, or None."""
    query = select(verified_identity).where(verified_identity.c.user == user)
    row = conn.execute(query).first()
    return None if row is None else IdentityRow(*row)


def find_account(conn: Connection, digest: str) -> str | None:
    """Return the account of a verified identity number, or None."""
    query = select(verified_identity.c.user).where(verified_identity.c.digest == digest)
    return conn.execute(query).scalar()


def put_identity(conn: Connection, by: Actor, row: IdentityRow) -> None:
    """Write who stands behind an account, in the place of what is there.

    Raises:
        Conflict: The number belongs to another account.
    """
    mine = verified_identity.c
    query = select(mine.user).where(mine.digest == row.digest, mine.user != row.user)
    if conn.execute(query).first() is not None:
        raise Conflict("This identity number belongs to another account")
    conn.execute(delete(verified_identity).where(mine.user == row.user))
    conn.execute(insert(verified_identity), {name: getattr(row, name) for name in row.__slots__})
    note_change(conn, by, row.verified_at, "IdentityVerified", row.user, {"source": row.source})


def drop_identity(conn: Connection, by: Actor, user: str, now: datetime) -> bool:
    """Forget who stands behind an account; say whether anything was known."""
    gone = conn.execute(delete(verified_identity).where(verified_identity.c.user == user)).rowcount
    if gone:
        note_change(conn, by, now, "IdentityWithdrawn", user, {})
    return bool(gone)
