"""Invite the other party to an application: seal it, hand over a code, give it up again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from onething import drafts, invitations, materials, sharing
from onething.cases import AGENT, APPLICANT, COSIGNER, PRINCIPAL
from onething.definitions import Definition
from onething.errors import InvalidInput, InvitationRefused, NotFound
from onething.forms import Posted
from onething.identity import Actor
from onething.invitations import AWAITING, CANCELLED, DECLINED, OPENED, InvitationRow
from onething.materials import id_of
from onething.runtime.applications.acting import agent_number, is_acting, is_verified_as
from onething.runtime.applications.drafting import Typed, put_draft
from onething.runtime.applications.joint_application import (
    Agreement,
    JointApplication,
    Side,
    find_cosigner,
    sealed,
    unsealed,
    without_blank_rows,
)
from onething.runtime.applications.party_places import (
    applicant_of,
    number_digest,
    person_at,
    plain_number,
    prefix_of,
)
from onething.runtime.cases.opening import Opening
from onething.runtime.cases.start_case import instance_of_key
from onething.runtime.codes import CODE_LENGTH, CODE_LETTERS, typed_code
from onething.runtime.host import Host
from onething.runtime.materials.add_material import kind_of_field
from onething.runtime.materials.kept_file import KeptFile
from onething.runtime.materials.reuse import require_holder, require_reusable
from onething.runtime.permissions import require_role
from onething.runtime.sharing.objecting import Pinned
from onething.runtime.sharing.shared_data import keep_shared, shared_for
from onething.runtime.sharing.shared_values import SharedData
from onething.runtime.turn import require_key

INVITES = "applicant"
"""The role that applies from an own account: the village helper and the window file directly."""
MOST_AWAITING = 5
"""Most applications of one account that wait for somebody."""
LONGEST_REASON = 500
_TOLD = timedelta(days=7)
"""So long an invitation that has run out is still told of."""
_SPARE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Application:
    """An application as its page sends it."""

    service: str
    answers: Posted
    files: Sequence[KeptFile] = ()


def invite(host: Host, actor: Actor, given: Application, *, key: str) -> InvitationRow:
    """Agree to an application in the own name, and keep it until the other party agrees.

    The same application sent twice is one invitation; the person's draft of it is gone then.

    Raises:
        NotAllowed: The person does not apply from an own account.
        InvalidInput: Answers do not fit.
        InvitationRefused: It cannot be signed by these two; `why` says for what reason.
        CaseAlreadyOpen: A case on the same core subject is open.
        TooLarge: The application has more than 200 KB without its files.
    """
    require_role(actor, INVITES)
    require_key(key)
    row_id = instance_of_key(actor, key)

    def transaction(conn: Connection) -> InvitationRow:
        earlier = invitations.find(conn, row_id)
        if earlier is not None:
            return earlier
        _require_few(host, conn, actor)
        definition = host.definitions.newest(conn, given.service)
        joint = _joint(host, conn, actor, definition, given, key)
        row = _row(host, actor, joint, given.service, row_id)
        invitations.add(conn, row)
        _keep_files(conn, row, joint)
        drafts.drop_all(conn, actor.user, given.service)
        return row

    return host.write(transaction)


def renew_code(host: Host, actor: Actor, invitation_id: str) -> None:
    """Put a new code in the place of the one that was handed over; whoever has come stays.

    Raises:
        NotFound: It is not the actor's.
        InvitationRefused: It no longer waits.
    """

    def transaction(conn: Connection) -> None:
        row = waiting(host, conn, invitation_id)
        require_inviter(actor, row)
        following = replace(row, code_number=row.code_number + 1)
        digest = _code_digest(host, code_of(host, following))
        invitations.renew_code(conn, replace(following, code=digest))

    host.write(transaction)


def cancel_invitation(host: Host, actor: Actor, invitation_id: str) -> None:
    """Give the application up: nothing of it is kept.

    Raises:
        NotFound: It is not the actor's.
        InvitationRefused: The case is open already.
    """

    def transaction(conn: Connection) -> None:
        row = _own(conn, actor, invitation_id)
        if row.state != CANCELLED:
            _end(host, conn, row, CANCELLED)

    host.write(transaction)


def take_back_application(host: Host, actor: Actor, invitation_id: str) -> str:
    """Void the invitation and put the answers back into the own draft; return the service.

    Raises:
        NotFound: It is not the actor's, or was given up.
        InvitationRefused: The case is open already.
    """

    def transaction(conn: Connection) -> str:
        row = _own(conn, actor, invitation_id)
        if row.state == CANCELLED:
            raise NotFound("No such invitation")
        joint = unsealed(host, row)
        files = [one for one in joint.files if not one.given_by]
        drafts.drop_all(conn, actor.user, row.service)
        draft = put_draft(host, conn, actor.user, row.service, Typed(joint.answers, files))
        if joint.shared:
            values = {one.path: one for one in joint.shared}
            shared = SharedData(draft.draft_id, is_agreed=True, values=values)
            keep_shared(host, conn, actor.user, row.service, shared)
        _end(host, conn, row, CANCELLED)
        return row.service

    return host.write(transaction)


def decline_invitation(host: Host, actor: Actor, invitation_id: str, reason: str) -> None:
    """Say no as the invited party, with a reason that the inviter reads.

    Raises:
        NotFound: The actor is not the invited party.
        InvalidInput: There is no reason, or it is too long.
        InvitationRefused: It no longer waits.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        told = f"1 to {LONGEST_REASON} characters"
        raise InvalidInput("A reason is needed", {"reason": told})

    def transaction(conn: Connection) -> None:
        row = waiting(host, conn, invitation_id)
        require_invited(actor, row)
        joint = replace(unsealed(host, row), reason=reason, agreements=())
        save(host, conn, replace(row, state=DECLINED), joint)

    host.write(transaction)


def drop_old_invitations(host: Host) -> int:
    """Delete the invitations that ran out a week ago; return how many."""
    before = host.clock() - _TOLD
    return host.database.write(lambda conn: invitations.drop_over(conn, before))


def code_of(host: Host, row: InvitationRow) -> str:
    """Return the code to hand over: it follows from the invitation and the master key."""
    digits = int(host.keys.digest(["invitation-code", row.invitation_id, row.code_number]), 16)
    letters = []
    for _place in range(CODE_LENGTH):
        digits, letter = divmod(digits, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[letter])
    return "".join(letters)


def code_digest(host: Host, typed: str) -> str | None:
    """Return the digest of a code as somebody typed it; None where it can be none."""
    code = typed_code(typed)
    return _code_digest(host, code) if len(code) == CODE_LENGTH else None


def waiting(host: Host, conn: Connection, invitation_id: str) -> InvitationRow:
    """Hold an invitation that still waits.

    Raises:
        NotFound: There is none.
        InvitationRefused: It came to an end, or its time is over.
    """
    row = invitations.hold(conn, invitation_id)
    if row.is_over(host.clock()):
        raise InvitationRefused("over", "The invitation's time is over")
    if row.state != AWAITING:
        raise InvitationRefused(row.state, f"The invitation is {row.state}")
    return row


def require_inviter(actor: Actor, row: InvitationRow) -> None:
    """Raise NotFound for everybody but who invites."""
    if row.user != actor.user:
        raise NotFound("No such invitation")


def require_invited(actor: Actor, row: InvitationRow) -> None:
    """Raise NotFound for everybody but the invited party."""
    if row.invited != actor.user:
        raise NotFound("No such invitation")


def save(host: Host, conn: Connection, row: InvitationRow, joint: JointApplication) -> None:
    """Write what has become of an invitation that is held."""
    _keep_files(conn, row, joint)
    content = sealed(host, row.invitation_id, row.user, joint)
    invitations.save(conn, replace(row, sealed=content, updated_at=host.clock()))


def _keep_files(conn: Connection, row: InvitationRow, joint: JointApplication) -> None:
    """Let the files not be erased as long as the invitation is kept."""
    names = [one.sha256 for one in joint.files]
    materials.keep_until(conn, names, row.expires_at + _TOLD + _SPARE)


def agreement(
    host: Host, conn: Connection, actor: Actor, side: Side, joint: JointApplication
) -> Agreement:
    """Return a party's agreement to the answers as they are now.

    Raises:
        InvitationRefused: Somebody else stands behind the account (`not-own`).
    """
    return Agreement(
        party=side.party,
        role=side.role,
        user=actor.user,
        at=host.clock().isoformat(),
        version=joint.version,
        answers=joint.digest(host),
        is_verified=is_verified_as(conn, actor.user, side.digest),
    )


def _joint(  # noqa: PLR0913 - what the invitation is made of
    host: Host,
    conn: Connection,
    actor: Actor,
    definition: Definition,
    given: Application,
    key: str,
) -> JointApplication:
    require_role(actor, *definition.service.start_roles)
    opening = Opening(host, conn, actor, definition, instance_of_key(actor, key), "web")
    shared = _shared(host, conn, actor, given, key)
    data = opening.checked(_whole(given), Pinned.of(shared, given.answers))
    opening.require_free(data)
    _require_held(host, conn, actor, definition, given, data)
    cosigner = find_cosigner(definition, data, opening.env)
    if cosigner is None:
        raise InvitationRefused("nobody", "Nobody else has to agree to this application")
    service, answers = definition.service, without_blank_rows(given.answers)
    acts = is_acting(data)
    party = service.applicant if acts else service.parties[cosigner.party]
    own = agent_number(data) if acts else _id_of(data, service.applicant)
    prefix, second = prefix_of(party), _id_of(data, party)
    if prefix is None or not second:
        raise InvitationRefused("nobody", "The application names no second party")
    if own == second:
        raise InvitationRefused("same-number", "Both parties have one identity number")
    joint = JointApplication(
        answers=answers,
        files=tuple(given.files),
        inviter=Side(
            "agent" if acts else applicant_of(definition),
            AGENT if acts else APPLICANT,
            number_digest(host, own),
        ),
        invited=Side(cosigner.party, PRINCIPAL if acts else COSIGNER, number_digest(host, second)),
        prefix=prefix,
        name=cosigner.name,
        declaration=cosigner.declaration,
        version=cosigner.version,
        notice=cosigner.notice,
        inviter_declaration=cosigner.inviter_declaration,
        shared=tuple(shared.values.values()) if shared else (),
    )
    return joint.agreed_by(agreement(host, conn, actor, joint.inviter, joint))


def _require_held(  # noqa: PLR0913 - what is given again, and by whom
    host: Host,
    conn: Connection,
    actor: Actor,
    definition: Definition,
    given: Application,
    data: Mapping[str, Any],
) -> None:
    """Raise InvalidInput where a file may not be used again; the opening looks once more."""
    service = definition.service
    for one in given.files:
        if one.reused is not None:
            kind = kind_of_field(service, one.field)
            found = require_reusable(host, conn, actor, service, kind, one.reused, field=one.field)
            require_holder(host, service, data, None, found, one.field)


def _shared(
    host: Host, conn: Connection, actor: Actor, given: Application, key: str
) -> SharedData | None:
    """Take what departments told for this very application; it is kept in the invitation then."""
    shared = shared_for(host, conn, actor.user, given.service)
    if shared is None or shared.application != key or is_acting(given.answers):
        return None
    sharing.drop_answer(conn, actor.user, given.service)
    return shared


def _id_of(data: Mapping[str, Any], expression: str) -> str:
    return plain_number(str(person_at(data, expression).get("idNo") or ""))


def _whole(given: Application) -> Posted:
    whole = Posted({name: list(values) for name, values in given.answers.items()})
    for one in given.files:
        whole.setdefault(one.field, []).append(id_of(one.sha256))
    return whole


def _row(
    host: Host, actor: Actor, joint: JointApplication, service: str, row_id: str
) -> InvitationRow:
    now = host.clock()
    row = InvitationRow(
        invitation_id=row_id,
        user=actor.user,
        service=service,
        state=AWAITING,
        invited=None,
        digest=joint.invited.digest,
        code="",
        code_number=1,
        sealed=sealed(host, row_id, actor.user, joint),
        case_no=None,
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(days=host.settings.invitation_days),
    )
    return replace(row, code=_code_digest(host, code_of(host, row)))


def _require_few(host: Host, conn: Connection, actor: Actor) -> None:
    now, found = host.clock(), invitations.of_user(conn, actor.user)
    own = [
        one
        for one in found
        if one.user == actor.user and one.state == AWAITING and not one.is_over(now)
    ]
    if len(own) >= MOST_AWAITING:
        raise InvitationRefused("many", f"{MOST_AWAITING} applications wait for somebody already")


def _own(conn: Connection, actor: Actor, invitation_id: str) -> InvitationRow:
    row = invitations.hold(conn, invitation_id)
    require_inviter(actor, row)
    if row.state == OPENED:
        raise InvitationRefused(OPENED, "The case is open already")
    return row


def _end(host: Host, conn: Connection, row: InvitationRow, state: str) -> None:
    """End an invitation: nothing that was typed is kept in it."""
    joint = emptied(unsealed(host, row))
    save(host, conn, replace(row, state=state), joint)


def emptied(joint: JointApplication) -> JointApplication:
    """Return it without anything that somebody typed."""
    return replace(
        joint, answers=Posted(), files=(), shared=(), changes=(), agreements=(), reason=""
    )


def _code_digest(host: Host, code: str) -> str:
    return host.keys.digest(["invitation", code])
