"""What the product knows of an applicant already, so that nobody is asked twice."""

import re
from dataclasses import replace
from typing import Any

from onething import cases, runtime
from onething.definitions import Definition
from onething.errors import NotFound
from onething.feel import Environment
from onething.forms import Answer, Posted
from onething.forms.paths import holds, put, read, remove, steps_of
from onething.identity import Actor
from onething.runtime import Host
from onething.web.entry import Entry

_PATH = re.compile(r"=\s*([A-Za-z_]\w*)\s*")
_RESIDENT_CARD = "111"
"""GA/T 2000.156: 居民身份证."""
_OF_A_PERSON = (
    "name", "idType", "idNo", "sex", "birth", "nationality", "ethnic", "education", "job",
    "hukouDivision", "address", "phone",
)  # fmt: skip


def known_about(host: Host, actor: Actor, definition: Definition) -> dict[str, Any]:
    """Return the application's first values: the person who applies, as far as known.

    The name stands in the account; the rest comes from the person's own newest case, and of a
    verified person from one about the same person only. A helper files for somebody else:
    nothing is known then.
    """
    match = _PATH.fullmatch(definition.service.applicant)
    if match is None or "applicant" not in actor.roles:
        return {}
    known = {**_from_newest_case(host, actor), "name": actor.name}
    verified = runtime.find_verified(host, actor)
    if verified is not None:
        who = {"name": verified.name, "idType": _RESIDENT_CARD, "idNo": verified.id_no}
        is_own = known.get("idNo") == verified.id_no
        known = {**known, **who} if is_own else who
    asked = {one.path for one in definition.application.fields}
    fitting = {key: value for key, value in known.items() if f"{match[1]}.{key}" in asked}
    return {match[1]: fitting} if fitting else {}


def asked_ahead(definition: Definition, posted: Posted, env: Environment) -> Answer:
    """Return what the form makes of the answers to the guide's questions.

    Only what was answered can be wrong: nothing is demanded yet.
    """
    asked = definition.service.guide.questions
    given = Posted({name: values for name, values in posted.items() if name in asked})
    answer = definition.application.submit(given, env)
    wrong = {path: text for path, text in answer.errors.items() if any(given.getlist(path))}
    return replace(answer, errors=wrong)


def guided(definition: Definition, posted: Posted, env: Environment) -> dict[str, Any]:
    """Return the application's data with the answers to the guide's questions that are valid."""
    answer = asked_ahead(definition, posted, env)
    for path in answer.errors:
        remove(answer.data, steps_of(path))
    return answer.data


def answered_ahead(
    definition: Definition, posted: Posted, env: Environment, known: dict[str, Any]
) -> dict[str, Any]:
    """Add what was answered in the guide to what is known."""
    answers = guided(definition, posted, env)
    for path in definition.service.guide.questions:
        steps = steps_of(path)
        if path in posted and holds(answers, steps):
            put(known, steps, read(answers, steps))
    return known


def leave_out_own(host: Host, actor: Actor, definition: Definition, entry: Entry) -> None:
    """Take what was prefilled about the reader out of an application for a family member."""
    match = _PATH.fullmatch(definition.service.applicant)
    verified = runtime.find_verified(host, actor)
    if match is None or verified is None:
        return
    if entry.answers.getlist(f"{match[1]}.idNo") != [verified.id_no]:
        return
    for name in [one for one in entry.answers if one.startswith(f"{match[1]}.")]:
        del entry.answers[name]


def _from_newest_case(host: Host, actor: Actor) -> dict[str, Any]:
    with host.database.read() as conn:
        own = cases.listing(conn, submitted_by=actor.user, limit=1)
    if not own:
        return {}
    try:
        view = runtime.view_case(host, actor, own[0].case_no, "prefill")
    except NotFound:
        return {}
    if runtime.is_acting(view.data):  # it was about a family member
        return {}
    match = _PATH.fullmatch(view.service.applicant)
    person = view.data.get(match[1]) if match else None
    if not isinstance(person, dict):
        return {}
    return {key: person[key] for key in _OF_A_PERSON if person.get(key) is not None}
