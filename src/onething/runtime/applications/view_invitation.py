"""Read invitations: what each of the two parties sees of an application that waits."""

from dataclasses import dataclass, field

from onething import cases, invitations
from onething.cases import PartyRow
from onething.definitions import Definition
from onething.errors import NotFound
from onething.identity import Actor
from onething.invitations import AWAITING, InvitationRow
from onething.runtime.applications.agreeing import side_of
from onething.runtime.applications.inviting import INVITES, code_of
from onething.runtime.applications.joint_application import JointApplication, unsealed
from onething.runtime.cases.view_case import log_access
from onething.runtime.host import Host
from onething.runtime.permissions import require_role

OVER = "over"
"""What becomes of an invitation whose time has run out."""


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as one of its parties sees it."""

    row: InvitationRow
    definition: Definition
    joint: JointApplication
    digest: str
    """Of the answers as they are now."""
    state: str
    """That of the row, or OVER."""
    is_inviter: bool
    has_agreed: bool
    """Whether the reader has agreed to the answers as they are now."""
    other_has_agreed: bool
    code: str = field(repr=False)
    """To hand over; empty for the invited, and where it no longer waits."""


def list_invitations(host: Host, actor: Actor) -> list[InvitationView]:
    """Return the actor's invitations that are no cases, the newest first.

    Raises:
        NotAllowed: The person does not apply from an own account.
    """
    require_role(actor, INVITES)
    with host.database.read() as conn:
        found = invitations.of_user(conn, actor.user)
    return [_view(host, actor, row) for row in found]


def view_invitation(host: Host, actor: Actor, invitation_id: str) -> InvitationView:
    """Return an invitation as one of its two parties.

    Raises:
        NotFound: There is none, or the actor is neither of the two.
    """
    with host.database.read() as conn:
        row = invitations.find(conn, invitation_id)
    allowed = row is not None and row.is_of(actor.user)
    view = _view(host, actor, row) if row is not None and allowed else None
    names = {name.partition(".")[0] for name in view.joint.answers} if view else ()
    log_access(host, actor, None, "invitation", sorted(names), allowed=allowed)
    if view is None:
        raise NotFound("No such invitation")
    return view


def list_parties(host: Host, instance_id: str) -> list[PartyRow]:
    """Return who agreed to a case's application, for whoever may see the case."""
    with host.database.read() as conn:
        return cases.parties(conn, instance_id)


def _view(host: Host, actor: Actor, row: InvitationRow) -> InvitationView:
    joint = unsealed(host, row)
    digest, own = joint.digest(host), side_of(row, joint, actor)
    other = joint.invited if own == joint.inviter else joint.inviter
    is_inviter, is_over = row.user == actor.user, row.is_over(host.clock())
    is_waiting = row.state == AWAITING and not is_over
    with host.database.read() as conn:
        definition = host.definitions.newest(conn, row.service)
    return InvitationView(
        row=row,
        definition=definition,
        joint=joint,
        digest=digest,
        state=OVER if is_over else row.state,
        is_inviter=is_inviter,
        has_agreed=joint.has_agreed(own.party, digest),
        other_has_agreed=joint.has_agreed(other.party, digest),
        code=code_of(host, row) if is_inviter and is_waiting else "",
    )
