"""Come to an invitation as the invited party: with the code, and as whoever it is meant for."""

from datetime import timedelta

from sqlalchemy import Connection

from onething import identity, invitations
from onething.errors import InvitationRefused, NotFound, TooOften
from onething.identity import Actor
from onething.invitations import InvitationRow
from onething.runtime.applications.inviting import INVITES, code_digest
from onething.runtime.applications.party_places import number_digest, plain_number
from onething.runtime.host import Host
from onething.runtime.permissions import require_role

TRIES_AN_HOUR = 10
"""So often one account may try codes, and so often one invitation may be tried with numbers."""


def join_invitation(host: Host, actor: Actor, code: str, id_no: str = "") -> str:
    """Bind the own account to an invitation as its invited party; return the invitation.

    An account whose identity was checked has to be the one that the inviter named. Any other
    types the identity number that the inviter typed, and stays marked as not verified.

    Raises:
        NotAllowed: The person does not apply from an own account.
        TooOften: Too many tries.
        NotFound: The code or the number is wrong, or it is meant for somebody else.
        InvitationRefused: The actor sent it (`self`).
    """
    require_role(actor, INVITES)
    _count(host, f"join {actor.user}")
    digest, now = code_digest(host, code), host.clock()
    row = None
    if digest is not None:
        with host.database.read() as conn:
            row = invitations.of_code(conn, digest, now)
    if row is None:
        raise NotFound("No such invitation")
    if row.user == actor.user:
        raise InvitationRefused("self", "Whoever invites cannot be the other party too")
    _count(host, f"invitation {row.invitation_id}")
    if not _is_meant(host, actor, row, id_no):
        raise NotFound("No such invitation")
    return host.write(lambda conn: _bind(conn, actor, row.invitation_id))


def _bind(conn: Connection, actor: Actor, invitation_id: str) -> str:
    row = invitations.hold(conn, invitation_id)
    if row.invited not in (None, actor.user):
        raise NotFound("No such invitation")
    invitations.join(conn, invitation_id, actor.user)
    return invitation_id


def _is_meant(host: Host, actor: Actor, row: InvitationRow, id_no: str) -> bool:
    """Whether the invitation is for the person: as checked, else by the number that is typed."""
    with host.database.read() as conn:
        found = identity.find_identity(conn, actor.user)
    digest = number_digest(host, plain_number(id_no)) if found is None else found.digest
    return digest == row.digest


def _count(host: Host, what: str) -> None:
    """Count a try; raise TooOften beyond TRIES_AN_HOUR, so that nobody finds anything out."""
    now = host.clock()
    until = now + timedelta(hours=1)
    tries = host.database.write(lambda conn: identity.count_rate(conn, what, 1, now, until))
    if tries > TRIES_AN_HOUR:
        with host.database.read() as conn:
            raise TooOften(identity.rate_of(conn, what, now)[1])
