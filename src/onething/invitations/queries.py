"""Read invitations."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from onething.errors import NotFound
from onething.invitations.models import AWAITING, OPENED, invitation


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation."""

    invitation_id: str
    user: str
    """Who invites."""
    service: str
    state: str
    invited: str | None
    """Account of the other party; None until it came with the code."""
    digest: str = field(repr=False)
    code: str = field(repr=False)
    code_number: int
    sealed: bytes = field(repr=False)
    case_no: str | None
    created_at: datetime
    updated_at: datetime
    expires_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether its time has run out before anything came of it."""
        return self.state == AWAITING and self.expires_at <= now

    def is_of(self, user: str) -> bool:
        """Whether an account is one of its two parties."""
        return user in (self.user, self.invited)


def find(conn: Connection, invitation_id: str) -> InvitationRow | None:
    """Return an invitation, or None."""
    return _first(conn, _one(invitation_id))


def hold(conn: Connection, invitation_id: str) -> InvitationRow:
    """Return an invitation that nobody else changes until the transaction ends.

    Raises:
        NotFound: There is none.
    """
    row = _first(conn, _one(invitation_id).with_for_update())
    if row is None:
        raise NotFound("No such invitation")
    return row


def of_code(conn: Connection, code: str, now: datetime) -> InvitationRow | None:
    """Return the invitation that waits and has this code's digest."""
    one = invitation.c
    query = select(invitation).where(one.code == code, one.state == AWAITING, one.expires_at > now)
    return _first(conn, query)


def of_user(conn: Connection, user: str) -> list[InvitationRow]:
    """Return the invitations of an account, on either side, that are not cases; newest first."""
    one = invitation.c
    query = (
        select(invitation)
        .where(or_(one.user == user, one.invited == user), one.state != OPENED)
        .order_by(one.updated_at.desc(), one.invitation_id)
    )
    return [InvitationRow(*row) for row in conn.execute(query)]


def _one(invitation_id: str) -> Select[Any]:
    return select(invitation).where(invitation.c.invitation_id == invitation_id)


def _first(conn: Connection, query: Select[Any]) -> InvitationRow | None:
    row = conn.execute(query).first()
    return None if row is None else InvitationRow(*row)
