"""Open a new case that corrects a closed one, or takes it up again; the closed one stays as it is.

Both are written in one transaction: the new case begins with the old one's application, and the
old one's history says that it was followed. The law that lets it be done is named by whoever
does it, or chosen from what the service lists; the product knows none.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from onething import cases, instances, materials
from onething.cases import LINK_KINDS, VOID, CaseLink, CaseRow
from onething.definitions import Definition, Service
from onething.errors import CaseArchived, CorrectionRefused, InvalidInput, NotAllowed
from onething.forms import Answer, read, steps_of
from onething.identity import Actor
from onething.runtime.answers import plain
from onething.runtime.cases.opening import Opening
from onething.runtime.cases.start_case import (
    Started,
    instance_of_key,
    query_code_of,
    repeated_start,
)
from onething.runtime.cases.view_case import application_data, events_of, visible_elements
from onething.runtime.host import Host
from onething.runtime.permissions import visible_case
from onething.runtime.turn import Receipt, Turn, require_key

FOLLOWED = "CaseFollowed"
LONGEST_REASON = 2_000
LONGEST_BASIS = 500


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a closed case is followed by a new one."""

    kind: str
    """One of LINK_KINDS."""
    basis: str
    """The article that lets it be done."""
    reason: str
    """Why, sealed under the keys of both cases."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new case begins with."""

    definition: Definition
    """The newest deployment of the service: the new case is one of it."""
    data: dict[str, Any]
    """The old case's application, everything of it."""
    paths: tuple[str, ...]
    """Fields that this person sees and may correct; the others go over as they are."""

    def answer(self, host: Host, answers: Mapping[str, Any]) -> Answer:
        """Return what the application makes of corrections to the old data."""
        form = self.definition.application
        kept = {
            root: read(self.data, steps_of(root))
            for root in _roots(self.definition)
            if root not in self.paths
        }
        env = host.environment(host.clock())
        answer = form.submit(answers, env, base=self.data, fixed=kept)
        tops = {root.partition(".")[0] for root in _roots(self.definition)}
        old = {top: value for top, value in self.data.items() if top in tops}
        return replace(answer, data={**old, **answer.data})


def may_correct(actor: Actor, service: Service) -> bool:
    """Whether a person opens corrections: a department's supervisor, or a post that is named."""
    if actor.department is None:
        return False
    named = {actor.department, f"{actor.department}.{actor.post}"} & set(service.correction.posts)
    return "supervisor" in actor.roles or ("clerk" in actor.roles and bool(named))


def begin_correction(host: Host, actor: Actor, case_no: str) -> Beginning:
    """Return what a correction of a case would begin with; nothing is written.

    Raises:
        NotFound: No such case for this person.
        NotAllowed: The person does not open corrections of the service.
        CorrectionRefused: It still goes on, was followed already, rests, or was erased.
    """
    with host.database.read() as conn:
        case = visible_case(actor, conn, case_no)
        return _beginning(host, conn, actor, case)


def correct_case(  # noqa: PLR0913 - the parts of one correction
    host: Host,
    actor: Actor,
    case_no: str,
    answers: Mapping[str, Any],
    correction: Correction,
    *,
    key: str | None = None,
) -> Started:
    """Open a new case of the same service that follows a closed one.

    Args:
        host: The node.
        actor: A supervisor of a department of the case, or a clerk of a post that the service
            names under `[correction]`. The new case is the old applicant's.
        case_no: The closed case.
        answers: What is different in the application, HTML fields or JSON; what the person does
            not see goes over as it was, and so do the materials.
        correction: Kind, legal basis, reason.
        key: Idempotency key: a repeated request opens nothing and is answered again.

    Raises:
        NotFound: No such case for this person.
        NotAllowed: The person does not open corrections of the service.
        InvalidInput: Something is missing or does not fit; `fields` says what.
        CorrectionRefused: It still goes on, was followed already, rests, or was erased.
        CaseAlreadyOpen: Another case on the same core subject is open.
        CaseArchived: It is archived.
    """
    require_key(key)
    _check(correction)
    key = key or secrets.token_hex(16)
    instance_id = instance_of_key(actor, key)
    told = {"kind": correction.kind, "basis": correction.basis, "reason": correction.reason}
    request = {"corrects": case_no, "answers": plain(answers), **told}

    def transaction(conn: Connection) -> Started:
        query_code = query_code_of(host, instance_id)
        earlier = instances.find(conn, instance_id)
        if earlier is not None:
            return Started(repeated_start(host, conn, earlier, request), query_code)
        case = visible_case(actor, conn, case_no)
        if host.keys.is_erased(conn, case.instance_id):
            raise CorrectionRefused("erased", f"The values of {case_no} are erased")
        turn = Turn.on(host, conn, actor, case.instance_id)
        beginning = _beginning(host, conn, actor, cases.of_instance(conn, case.instance_id))
        receipt = _open(turn, case, beginning, answers, correction, (instance_id, request))
        _follow(turn, case, receipt, correction)
        return Started(receipt, query_code)

    return host.write(transaction)


def _open(  # noqa: PLR0913 - what the new case is made of
    turn: Turn,
    case: CaseRow,
    beginning: Beginning,
    answers: Mapping[str, Any],
    correction: Correction,
    asked: tuple[str, dict[str, Any]],
) -> Receipt:
    instance_id, request = asked
    answer = beginning.answer(turn.host, answers)
    if not answer.is_valid:
        raise InvalidInput("The application has mistakes", answer.texts())
    channel = next((name for name, code in cases.CHANNELS.items() if code == case.channel), "other")
    signed = [
        replace(one, instance_id=instance_id) for one in cases.parties(turn.conn, case.instance_id)
    ]
    opening = Opening(
        turn.host,
        turn.conn,
        turn.actor,
        beginning.definition,
        instance_id,
        channel,
        filed_by=case.submitted_by,
        parties=signed,
    )
    note = {"follows": case.case_no, "correction": correction.kind, "law": correction.basis}
    return opening.following(
        answer.data,
        query_code_of(turn.host, instance_id),
        request,
        note=note,
        reason=correction.reason,
        bring=partial(_bring_materials, turn),
    )


def _follow(turn: Turn, case: CaseRow, receipt: Receipt, correction: Correction) -> None:
    """Link both cases, and let the old one's history say what follows it."""
    cases.add_link(
        turn.conn,
        CaseLink(
            instance_id=receipt.instance_id,
            case_no=receipt.case_no,
            follows_instance_id=case.instance_id,
            follows_case_no=case.case_no,
            kind=correction.kind,
            basis=correction.basis.strip(),
            department=turn.actor.department or "",
            opened_by=turn.actor.user,
            opened_at=turn.now,
        ),
    )
    filed = cases.find_filing(turn.conn, case.instance_id)
    if filed is not None:  # whoever came to the counter has the new case, too
        new = receipt.instance_id
        cases.add_filing(
            turn.conn, replace(filed, instance_id=new, filed_by=turn.actor.user, at=turn.now)
        )
    note = {"by": receipt.case_no, "correction": correction.kind, "law": correction.basis}
    turn.append(FOLLOWED, note=note, private={"reason": correction.reason})


def _bring_materials(old: Turn, new: Turn) -> None:
    """Give the new case the old one's materials: their ids follow from their contents."""
    for row in materials.of_case(old.conn, old.row.instance_id, old.seal.open_text):
        brought = replace(row, instance_id=new.row.instance_id)
        materials.add(new.conn, brought, new.seal.close_text(row.name))


def _beginning(host: Host, conn: Connection, actor: Actor, case: CaseRow) -> Beginning:
    newest = host.definitions.newest(conn, case.service)
    if not may_correct(actor, newest.service):
        raise NotAllowed("A supervisor, or a post that the service names, opens corrections")
    _require_closed(conn, case)
    events = list(events_of(host, conn, case.instance_id))
    if not events:
        raise CaseArchived
    if events[0].personal is None:
        raise CorrectionRefused("erased", f"The values of {case.case_no} are erased")
    then = host.definitions.get(conn, case.service, case.number)
    elements = visible_elements(conn, actor, case, newest.service)
    roots = tuple(root for root in _roots(newest) if _is_open_to(newest, root, elements))
    return Beginning(newest, application_data(then, events), roots)


def _require_closed(conn: Connection, case: CaseRow) -> None:
    if case.is_open:
        raise CorrectionRefused("running", f"The case {case.case_no} still goes on")
    if cases.hold_of(conn, case.instance_id) is not None:
        raise CorrectionRefused("held", f"The case {case.case_no} is on hold")
    for link in cases.followers(conn, case.instance_id):
        after = cases.of_instance(conn, link.instance_id)
        if after.is_open or after.result not in VOID:
            told = f"{link.case_no} follows {case.case_no} already"
            raise CorrectionRefused("open" if after.is_open else "followed", told, link.case_no)


def _roots(definition: Definition) -> list[str]:
    """Return the paths that are corrected or kept as a whole: a value, or a list with its rows."""
    paths = (field.path for field in definition.application.fields)
    return list(dict.fromkeys(path.partition("[]")[0] for path in paths))


def _is_open_to(definition: Definition, root: str, elements: list[str] | None) -> bool:
    """Whether a person sees all of a value or list; files go over as they are."""
    of_root = [
        field for field in definition.application.fields if field.path.partition("[]")[0] == root
    ]
    if any(field.value_type == "file" for field in of_root):
        return False
    return elements is None or all(_is_seen(field.path, elements) for field in of_root)


def _is_seen(path: str, elements: list[str]) -> bool:
    plain_path = path.replace("[]", "")
    seen = [one.replace("[]", "") for one in elements]
    return any(plain_path == one or plain_path.startswith(f"{one}.") for one in seen)


def _check(correction: Correction) -> None:
    wrong = {}
    if correction.kind not in LINK_KINDS:
        wrong["kind"] = f"One of {', '.join(LINK_KINDS)}"
    if not correction.basis.strip() or len(correction.basis) > LONGEST_BASIS:
        wrong["basis"] = f"1 to {LONGEST_BASIS} characters"
    if not correction.reason.strip() or len(correction.reason) > LONGEST_REASON:
        wrong["reason"] = f"1 to {LONGEST_REASON} characters"
    if wrong:
        raise InvalidInput("A correction names kind, basis and reason", wrong)
