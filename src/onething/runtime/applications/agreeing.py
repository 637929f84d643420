"""Agree to an application, or correct the own part of it; the last agreement opens the case."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from onething import cases, invitations
from onething.cases import PartyRow
from onething.definitions import Definition
from onething.errors import InvalidInput, InvitationRefused, NotFound
from onething.identity import Actor
from onething.invitations import OPENED, InvitationRow
from onething.runtime.answers import plain
from onething.runtime.applications.inviting import (
    agreement,
    emptied,
    require_invited,
    save,
    waiting,
)
from onething.runtime.applications.joint_application import (
    Agreement,
    Change,
    JointApplication,
    Side,
    find_cosigner,
    unsealed,
    with_answers,
    with_files_of,
)
from onething.runtime.cases.opening import Opening
from onething.runtime.cases.start_case import query_code_of
from onething.runtime.host import Host
from onething.runtime.materials.add_material import Prepared, Upload, prepare, with_files
from onething.runtime.materials.kept_file import KeptFile
from onething.runtime.messages.news_words import said
from onething.runtime.messages.tell import News, about_case, tell

_ROW = re.compile(r"\[\d*\]")


def agree_to_application(host: Host, actor: Actor, invitation_id: str, seen: str) -> str | None:
    """Agree in the own name to the answers that were seen; return the case once both have.

    Whoever comes last opens the case, in the same transaction. Pressed twice, or by both at
    once, it is opened once, and everybody is told its number.

    Args:
        host: The node.
        actor: One of the two parties.
        invitation_id: Which application.
        seen: Digest of the answers that the page showed.

    Raises:
        NotFound: The actor is neither of the two.
        InvitationRefused: The answers have changed since (`changed`), or it no longer waits.
        InvalidInput: The application no longer fits what the service asks.
        CaseAlreadyOpen: A case on the same core subject was opened meanwhile.
    """
    with host.database.read() as conn:
        found = invitations.find(conn, invitation_id)
    prepared = _prepared(host, found) if found is not None and found.is_of(actor.user) else []

    def transaction(conn: Connection) -> str | None:
        row = invitations.hold(conn, invitation_id)
        if not row.is_of(actor.user):
            raise NotFound("No such invitation")
        if row.state == OPENED:
            return row.case_no
        row = waiting(host, conn, invitation_id)
        joint = unsealed(host, row)
        digest = joint.digest(host)
        if seen != digest:
            raise InvitationRefused("changed", "The answers have changed since they were shown")
        side = side_of(row, joint, actor)
        if not joint.has_agreed(side.party, digest):
            joint = joint.agreed_by(agreement(host, conn, actor, side, joint))
        sides = (joint.inviter, joint.invited)
        if all(joint.has_agreed(one.party, digest) for one in sides):
            return _open(host, conn, actor, row, joint, prepared)
        save(host, conn, row, joint)
        return None

    return host.write(transaction)


def correct_application(
    host: Host,
    actor: Actor,
    invitation_id: str,
    own: Mapping[str, Sequence[str]],
    files: Sequence[KeptFile] = (),
) -> bool:
    """Correct the invited party's own answers; the inviter checks everything anew.

    The identity number cannot be changed: it says whom the inviter named. Files that are given
    stand in the place of the earlier ones of their fields. Returns whether anything is different.

    Raises:
        NotFound: The actor is not the invited party.
        InvitationRefused: It no longer waits.
        InvalidInput: The answers do not fit, a file is not the party's own to give, or nobody
            would have to agree any more.
    """
    given = [replace(one, given_by=actor.user) for one in files]

    def transaction(conn: Connection) -> bool:
        row = waiting(host, conn, invitation_id)
        require_invited(actor, row)
        before = unsealed(host, row)
        after = replace(
            before,
            answers=with_answers(before.answers, own, before.prefix),
            files=with_files_of(before.files, given),
        )
        changes = (*_changes(before, after), *_changed_files(before, after))
        if not changes:
            return False
        after = replace(after, changes=changes)
        _require_fit(host, conn, actor, row, after)
        save(host, conn, row, after)
        return True

    return host.write(transaction)


def side_of(row: InvitationRow, joint: JointApplication, actor: Actor) -> Side:
    """Return which of the two an account is."""
    return joint.inviter if row.user == actor.user else joint.invited


def is_own_file(definition: Definition, prefix: str, field: str) -> bool:
    """Whether a field takes files and stands among one party's own answers."""
    files = (one for one in definition.application.fields if one.value_type == "file")
    places = {_ROW.sub("", one.path) for one in files}
    return field.startswith(f"{prefix}.") and _ROW.sub("", field) in places


def _changes(before: JointApplication, after: JointApplication) -> tuple[Change, ...]:
    names = sorted({*before.answers, *after.answers})
    pairs = (
        (name, "、".join(before.answers.get(name, ())), "、".join(after.answers.get(name, ())))
        for name in names
    )
    return tuple(Change(name, old, new) for name, old, new in pairs if old != new)


def _changed_files(before: JointApplication, after: JointApplication) -> Iterator[Change]:
    for field in sorted({one.field for one in after.files}):
        old, new = ([one for one in of.files if one.field == field] for of in (before, after))
        if [one.sha256 for one in old] != [one.sha256 for one in new]:
            yield Change(field, *("、".join(one.name for one in some) for some in (old, new)))


def _require_fit(
    host: Host, conn: Connection, actor: Actor, row: InvitationRow, joint: JointApplication
) -> None:
    definition = host.definitions.newest(conn, row.service)
    given = (one.field for one in joint.files if one.given_by)
    if not all(is_own_file(definition, joint.prefix, one) for one in given):
        raise InvalidInput("A file answers a field that is not the invited party's own")
    opening = Opening(host, conn, actor, definition, row.invitation_id, "web")
    data = opening.checked(joint.whole, joint.pinned)
    if find_cosigner(definition, data, opening.env) is None:
        raise InvalidInput("Nobody else would have to agree to this application")


def _prepared(host: Host, row: InvitationRow) -> list[Prepared]:
    files = unsealed(host, row).files if row.state != OPENED else ()
    return prepare(
        host,
        [
            Upload(
                one.name,
                host.store.get(one.sha256),
                one.field,
                declared_type=one.type,
                given_by=one.given_by or None,
                reused=one.reused,
            )
            for one in files
        ],
    )


def _open(  # noqa: PLR0913 - what the case is made of
    host: Host,
    conn: Connection,
    actor: Actor,
    row: InvitationRow,
    joint: JointApplication,
    prepared: Sequence[Prepared],
) -> str:
    instance_id = row.invitation_id
    opening = Opening(
        host,
        conn,
        actor,
        host.definitions.newest(conn, row.service),
        instance_id,
        "web",
        filed_by=row.user,
        parties=[_party(instance_id, one) for one in joint.agreements],
    )
    answers = with_files(joint.answers, prepared)
    request = {"service": row.service, "answers": plain(answers), "channel": "web"}
    query_code = query_code_of(host, instance_id)
    receipt = opening.open(answers, prepared, query_code, request, joint.pinned)
    ended = replace(row, state=OPENED, case_no=receipt.case_no)
    save(host, conn, ended, emptied(joint))
    _tell_others(host, conn, actor, instance_id, joint)
    return receipt.case_no


def _tell_others(
    host: Host, conn: Connection, actor: Actor, instance_id: str, joint: JointApplication
) -> None:
    """Tell whoever agreed before that the case is open, and where its query code is."""
    text = said(
        "双方都已确认，申请已提交",
        "Both parties have agreed: the application is submitted",
        ("凭编号和查询码，不用登录就能查进度。查询码在办件页面上查看。",),
        ("The query code on the case's page looks up its progress without signing in.",),
    )
    about = about_case(host, conn, cases.of_instance(conn, instance_id))
    for user in {one.user for one in joint.agreements} - {actor.user}:
        tell(host, conn, user, News("opened", "notice", text), about, host.clock())


def _party(instance_id: str, one: Agreement) -> PartyRow:
    return PartyRow(
        instance_id=instance_id,
        party=one.party,
        role=one.role,
        user=one.user,
        is_verified=one.is_verified,
        version=one.version,
        answers=one.answers,
        agreed_at=datetime.fromisoformat(one.at),
    )
