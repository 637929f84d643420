"""Write invitations: the caller holds the row."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, update

from onething.invitations.models import invitation
from onething.invitations.queries import InvitationRow

_SAVED = ("state", "sealed", "case_no", "updated_at")


def add(conn: Connection, row: InvitationRow) -> None:
    """Write a new invitation."""
    conn.execute(insert(invitation), {name: getattr(row, name) for name in row.__slots__})


def save(conn: Connection, row: InvitationRow) -> None:
    """Write state, answers and agreements of an invitation."""
    _change(conn, row.invitation_id, {name: getattr(row, name) for name in _SAVED})


def join(conn: Connection, invitation_id: str, user: str) -> None:
    """Let an account be the other party."""
    _change(conn, invitation_id, {"invited": user})


def renew_code(conn: Connection, row: InvitationRow) -> None:
    """Put another code in the place of the one that was handed over."""
    _change(conn, row.invitation_id, {"code": row.code, "code_number": row.code_number})


def drop_over(conn: Connection, before: datetime) -> int:
    """Delete the invitations that ran out before an instant; return how many."""
    return conn.execute(delete(invitation).where(invitation.c.expires_at <= before)).rowcount


def _change(conn: Connection, invitation_id: str, values: dict[str, object]) -> None:
    conn.execute(
        update(invitation).where(invitation.c.invitation_id == invitation_id).values(values)
    )
