"""What departments tell of a verified person for one application, after the person agrees.

It is asked once per application, of all departments at the same time, and kept sealed until the
case opens. What does not come in time stays to be typed: nobody is blocked by a department.

Source: 政务数据共享条例; 个人信息保护法 art. 6, 14, 17; report §1.8, §1.11.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from onething import sharing
from onething.catalog import Supply, supplies
from onething.connectors import Operation
from onething.definitions import Definition
from onething.errors import HistoryBroken, NotAllowed
from onething.feel.json import canonical, parse
from onething.identity import Actor
from onething.runtime.applications.verified import Verified, find_verified
from onething.runtime.cases.view_case import log_access
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.sharing.ask_together import ask_together
from onething.runtime.sharing.count_tries import count_try
from onething.runtime.sharing.shared_values import SharedData, SharedValue
from onething.runtime.turn import require_key
from onething.sharing import AnswerRow

WAIT_S = 2.0
"""So long a person waits for all departments together."""
ASKED_AN_HOUR = 20
"""So often one account may have departments asked."""
NONE, UNFIT = "none", "unfit"
"""Why a value is missing: the department has none, or what it has does not fit the form."""


def offered_supplies(host: Host, actor: Actor, definition: Definition) -> tuple[Supply, ...]:
    """Return what departments could be asked for: nothing where nobody has verified the person."""
    if "applicant" not in actor.roles or find_verified(host, actor) is None:
        return ()
    return supplies(definition)


def find_shared(host: Host, actor: Actor, service: str) -> SharedData | None:
    """Return what is kept for the actor's application of a service, or None."""
    if "applicant" not in actor.roles:
        return None
    with host.database.read() as conn:
        return shared_for(host, conn, actor.user, service)


def shared_for(host: Host, conn: Connection, user: str, service: str) -> SharedData | None:
    """Return what is kept for a person's application of a service, or None.

    Raises:
        HistoryBroken: It was changed, or moved from another person or service.
    """
    row = sharing.find_answer(conn, user, service, host.clock())
    if row is None:
        return None
    kept = parse(host.keys.open(row.sealed))
    if kept["of"] != [row.user, row.service, row.application]:
        raise HistoryBroken("Shared data lie at a place that is not their own")
    values = {
        path: SharedValue(path, one["value"], one["operation"], datetime.fromisoformat(one["at"]))
        for path, one in kept["values"].items()
    }
    is_agreed = row.consent == "agreed"
    return SharedData(row.application, is_agreed, values, kept["missing"], row.decided_at)


def agree_to_sharing(
    host: Host, actor: Actor, definition: Definition, application: str, *, wait_s: float = WAIT_S
) -> SharedData:
    """Ask the departments about the actor and keep what they tell, sealed.

    Asked again for the same application, what is there already stays.

    Raises:
        NotAllowed: Nobody has verified who the actor is.
        TooOften: The account has had departments asked too often.
    """
    who = _who(host, actor)
    require_key(application)
    count_try(host, actor, "shared data", ASKED_AN_HOUR)
    before = find_shared(host, actor, definition.service.code)
    known = dict(before.values) if before and before.application == application else {}
    open_ones = [one for one in supplies(definition) if one.path not in known]
    found = _asked(host, actor, definition, who, open_ones, wait_s)
    whole = replace(found, application=application, values=known | dict(found.values))
    _keep(host, actor, definition.service.code, whole)
    return whole


def refuse_sharing(host: Host, actor: Actor, service: str, application: str) -> None:
    """Keep that the actor types everything: nobody is asked, and nothing that was told is kept."""
    require_role(actor, "applicant")
    require_key(application)
    _keep(host, actor, service, SharedData(application, is_agreed=False, decided_at=host.clock()))


def drop_old_sharing(host: Host) -> int:
    """Delete what departments told for applications that nobody sent in time; return how many."""
    now = host.clock()
    return host.database.write(lambda conn: sharing.drop_expired_answers(conn, now))


def _who(host: Host, actor: Actor) -> Verified:
    require_role(actor, "applicant")
    found = find_verified(host, actor)
    if found is None:
        raise NotAllowed("Departments are asked about verified people only")
    return found


def _asked(  # noqa: PLR0913 - the parts of one question
    host: Host,
    actor: Actor,
    definition: Definition,
    who: Verified,
    wanted: Sequence[Supply],
    wait_s: float,
) -> SharedData:
    operations = {one.operation.id: one.operation for one in wanted}
    purpose = {one.id: purpose_of(definition, one) for one in operations.values()}
    paths = [one.path for one in wanted]
    page, told = f"shared data {definition.service.code}", "; ".join(purpose.values())
    log_access(host, actor, None, page, paths, allowed=True, purpose=told)
    person = {"idNo": who.id_no, "name": who.name}
    answers, reasons = ask_together(host, operations.values(), person, purpose, wait_s)
    at = host.clock()
    values, missing = {}, {}
    for one in wanted:
        answer = answers.get(one.operation.id)
        value = None if answer is None or not _is_of(answer, who) else answer.get(one.field)
        if value is None:
            missing[one.path] = reasons.get(one.operation.id, NONE)
        else:
            values[one.path] = SharedValue(one.path, value, one.operation.id, at)
    return _fitting(host, definition, values, missing)


def purpose_of(definition: Definition, operation: Operation) -> str:
    """Return the purpose that goes with a call, and that the person is told."""
    return f"预填“{definition.service.name}”申请：{operation.purpose}"


def _is_of(answer: Mapping[str, Any], who: Verified) -> bool:
    """Whether an answer is about the person who was asked about."""
    told = {name: answer[name] for name in ("idNo", "name") if answer.get(name) is not None}
    asked = {"idNo": who.id_no, "name": who.name}
    return all(asked[name] == value for name, value in told.items())


def _fitting(
    host: Host, definition: Definition, values: dict[str, SharedValue], missing: dict[str, str]
) -> SharedData:
    """Leave out what the form would refuse: a person must be able to go on."""
    fixed = {path: one.value for path, one in values.items()}
    now = host.clock()
    answer = definition.application.submit({}, host.environment(now), fixed=fixed)
    unfit = [path for path in values if path in answer.errors]
    kept = {path: one for path, one in values.items() if path not in unfit}
    whole = missing | dict.fromkeys(unfit, UNFIT)
    return SharedData("", is_agreed=True, decided_at=now, values=kept, missing=whole)


def _keep(host: Host, actor: Actor, service: str, data: SharedData) -> None:
    host.write(lambda conn: keep_shared(host, conn, actor.user, service, data))


def keep_shared(host: Host, conn: Connection, user: str, service: str, data: SharedData) -> None:
    """Write what departments told for a person's application of a service."""
    at = data.decided_at or host.clock()
    plain = {
        "of": [user, service, data.application],
        "values": {
            path: {"value": one.value, "operation": one.operation, "at": one.at.isoformat()}
            for path, one in data.values.items()
        },
        "missing": dict(data.missing),
    }
    row = AnswerRow(
        user=user,
        service=service,
        application=data.application,
        consent="agreed" if data.is_agreed else "refused",
        sealed=host.keys.seal(canonical(plain)),
        decided_at=at,
        expires_at=at + timedelta(days=host.settings.draft_days),
    )
    sharing.put_answer(conn, row)
