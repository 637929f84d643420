"""Window mode: a clerk at a counter opens a case for a citizen who came.

The identity number is read once and stands wherever the application asks for it. The case is
the citizen's, by the digest of their number; the clerk stands in the history as who helped, on
their behalf, and what the citizen declared is kept with it.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from onething import cases, connectors, feel, identity
from onething.cases import CaseRow, FilingRow
from onething.definitions import Definition
from onething.errors import (
    AnswerInvalid,
    ConnectorError,
    DepartmentRefused,
    DepartmentUnavailable,
    InvalidInput,
    NotFound,
    TooOften,
)
from onething.forms import Form, identity_of
from onething.identity import Actor
from onething.runtime.applications.verified import VERIFIED_BY
from onething.runtime.appointments.offices import required_office
from onething.runtime.cases.start_case import Filed, Started, start_case
from onething.runtime.cases.view_case import log_access
from onething.runtime.host import Host
from onething.runtime.materials.add_material import Upload
from onething.runtime.permissions import require_role

FOR_A_CITIZEN = "citizen:"
"""What the person whom a clerk helps is called by in history, before the beginning of a digest."""
DECLARATION = "window-1"
"""Version of the words under `declared`: another text has another one."""
LONGEST_CARD = 400
CHECKS_AN_HOUR = 120
"""So often one clerk may ask the police: nobody tries numbers out at a counter."""
PURPOSE = "窗口核验到场申请人身份"
_NUMBER = re.compile(r"(?<!\d)(\d{17}[\dXx])(?!\d)")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,20}")
_RESIDENT_CARD = "111"
_ROWS = "[]"


@dataclass(frozen=True, slots=True)
class Card:
    """What a reader told of an identity card."""

    id_no: str
    name: str
    """Empty where the reader sends the number alone."""
    sex: str
    birth: date


def read_card(host: Host, text: str) -> Card:
    """Read what a card reader typed: the number alone, or a line with name and number.

    Raises:
        InvalidInput: There is no number, several, or it is none by GB 11643.
    """
    text = text.strip()
    today = host.clock().astimezone(host.zone).date()
    numbers = {one.upper() for one in _NUMBER.findall("".join(text[:LONGEST_CARD].split(" ")))}
    found = identity_of(numbers.pop(), today) if len(numbers) == 1 else None
    if found is None or len(text) > LONGEST_CARD:
        told = "No valid identity number was read"
        raise InvalidInput(told, {"card": told})
    name = _NAME.match(text)
    return Card(found.number, name[0] if name else "", found.sex, found.birth)


def check_card(host: Host, actor: Actor, name: str, id_no: str) -> str:
    """Ask the police whether name and number belong together.

    Returns:
        `verified`, `differs`, `unreachable` (the clerk looks at the card), or `unasked` where
        no name is known.

    Raises:
        NotAllowed: The actor is no clerk.
        TooOften: The clerk has asked too often.
    """
    require_role(actor, "clerk", "supervisor")
    way = host.departments
    if not name:
        return "unasked"
    if way is None:
        return "unreachable"
    _count(host, actor)
    log_access(host, actor, None, "window", ["name", "idNo"], allowed=True, purpose=PURPOSE)
    operation = connectors.operations()[VERIFIED_BY]
    try:
        told = way.call(
            operation, {"name": name, "idNo": id_no}, secrets.token_hex(16), "", PURPOSE
        )
    except DepartmentRefused:
        return "differs"
    except (AnswerInvalid, DepartmentUnavailable, ConnectorError):
        return "unreachable"
    return "verified" if told["matches"] and told["alive"] else "differs"


def people_asked(form: Form) -> list[str]:
    """Return the paths of the people whose identity number a form asks for, in its order."""
    paths = [one.path for one in form.fields if one.path.endswith(".idNo")]
    return [path.removesuffix(".idNo") for path in paths if _ROWS not in path]


def card_values(form: Form, person: str, card: Card) -> dict[str, str]:
    """Return what a card fills in of a person: as far as the form asks for it, by path."""
    told = {
        "name": card.name,
        "idType": _RESIDENT_CARD,
        "idNo": card.id_no,
        "sex": card.sex,
        "birth": card.birth.isoformat(),
    }
    asked = {one.path for one in form.fields}
    found = {f"{person}.{key}": value for key, value in told.items() if value}
    return {path: value for path, value in found.items() if path in asked}


def applicant_path(definition: Definition) -> str | None:
    """Return the path of the person who applies, where the manifest names one."""
    match = re.fullmatch(r"=\s*([A-Za-z_]\w*)\s*", definition.service.applicant or "")
    return match[1] if match else None


def open_at_window(  # noqa: PLR0913 - the parts of one application at a counter
    host: Host,
    actor: Actor,
    office_id: str,
    service: str,
    answers: Mapping[str, Any],
    *,
    id_no: str,
    is_declared: bool,
    checked: str = "unasked",
    appointment_id: str | None = None,
    uploads: Sequence[Upload] = (),
    key: str | None = None,
) -> Started:
    """Open a case for a citizen at a counter.

    Args:
        host: The node.
        actor: The clerk; stands in the history as who helped.
        office_id: The office where both are.
        service: One of the services of the office.
        answers: The application form's answers.
        id_no: The number that was read: the applicant's.
        is_declared: The citizen has looked at the answers and declared them true.
        checked: What the police said: an answer of `check_card`.
        appointment_id: The number under which the citizen was called; it is linked to the case.
        uploads: Materials given with the application.
        key: Idempotency key.

    Raises:
        NotAllowed: The actor is no clerk.
        NotFound: There is no such office for this person, or it does not take this service.
        InvalidInput: Answers do not fit, they name another person, or nothing was declared.
        CaseAlreadyOpen: A case on the same core subject is open.
    """
    require_role(actor, "clerk", "supervisor")
    with host.database.read() as conn:
        office = required_office(conn, actor, office_id).office
        definition = host.definitions.newest(conn, service)
    if service not in office.services or definition.service.hidden:
        raise NotFound(f"{office_id} does not take {service[:40]}")
    if not is_declared:
        told = "The citizen has to declare the answers true"
        raise InvalidInput(told, {"_declared": told})
    card = read_card(host, id_no)
    _require_same(host, definition, answers, card)
    holder = host.keys.digest(["identity", card.id_no])
    whom = f"{FOR_A_CITIZEN}{holder[:16]}"
    helping = replace(actor, roles=actor.roles | {"helper"}, on_behalf_of=whom)
    filed = Filed(holder, DECLARATION, checked, appointment_id)
    return start_case(
        host,
        helping,
        service,
        answers,
        channel="window",
        uploads=uploads,
        key=key,
        filed=filed,
    )


def view_filing(host: Host, actor: Actor, case_no: str) -> tuple[CaseRow, FilingRow]:
    """Return a case that the actor opened at a counter; raise NotFound otherwise."""
    require_role(actor, "clerk", "supervisor")
    with host.database.read() as conn:
        case = cases.get(conn, case_no)
        row = cases.find_filing(conn, case.instance_id)
    if row is None or row.filed_by != actor.user:
        raise NotFound(f"No case {case_no[:40]}")
    return case, row


def _require_same(
    host: Host, definition: Definition, answers: Mapping[str, Any], card: Card
) -> None:
    """Raise InvalidInput where the application names another applicant than the card."""
    if not definition.service.applicant:
        return
    env = host.environment(host.clock())
    data = definition.application.submit(answers, env).data
    person = feel.to_json(feel.compile_attribute(definition.service.applicant).evaluate(data, env))
    number = person.get("idNo") if isinstance(person, dict) else None
    if number is not None and str(number).upper() != card.id_no:
        path = f"{applicant_path(definition) or 'applicant'}.idNo"
        told = "This is not the number that was read"
        raise InvalidInput(told, {path: told})


def _count(host: Host, actor: Actor) -> None:
    now = host.clock()
    key, until = f"window {actor.user}", now + timedelta(hours=1)
    asked = host.database.write(lambda conn: identity.count_rate(conn, key, 1, now, until))
    if asked > CHECKS_AN_HOUR:
        with host.database.read() as conn:
            raise TooOften(identity.rate_of(conn, key, now)[1])
