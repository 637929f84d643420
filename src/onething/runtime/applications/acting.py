"""Acting for a family member: whether the service allows it, and who stands behind it.

Source: report §1.10 委托 (agent, scope, period, signature of both), §22 common.case; 民法典
art. 165 (a written mandate), 173 (revoked by the principal), 23 (guardians are legal agents).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from onething import cases, feel, identity
from onething.cases import AGENT, PRINCIPAL, PartyRow
from onething.definitions import Cosigner, Definition
from onething.errors import InvitationRefused
from onething.feel import Environment
from onething.runtime.applications.party_places import (
    applicant_of,
    number_digest,
    person_at,
    plain_number,
    prefix_of,
)
from onething.runtime.host import Host

FAMILY = "家人"
"""Value of `actingFor` where somebody acts for a family member."""
ONLINE = "本人在线确认"
"""Value of `mandate.way` where the principal agrees from an own account."""
NOT_OFFERED, FORBIDDEN, SAME = "not-offered", "forbidden", "same"
"""What can stand against acting for somebody."""


def is_acting(answers: Mapping[str, Any]) -> bool:
    """Whether answers, posted or as data, say that somebody acts for a family member."""
    value = answers.get("actingFor")
    return (value[-1] if isinstance(value, list) and value else value) == FAMILY


def acting_fault(
    definition: Definition, data: Mapping[str, Any], env: Environment
) -> tuple[str, str] | None:
    """Return path and word of what stands against acting for somebody, or None."""
    if not is_acting(data):
        return None
    proxy, why = definition.service.proxy, ""
    if not proxy.declaration:
        why = NOT_OFFERED
    elif proxy.condition and not _is_true(proxy.condition, data, env):
        why = FORBIDDEN
    elif agent_number(data) == _principal_number(definition, data):
        why = SAME
    place = f"{prefix_of(definition.service.applicant)}.idNo" if why == SAME else "actingFor"
    return (place, why) if why else None


def told(definition: Definition, why: str) -> str:
    """Say what stands against it, for callers of the API."""
    proxy = definition.service.proxy
    if why == FORBIDDEN:
        return f"{proxy.refusal}（{'、'.join(proxy.refusal_basis)}）"
    if why == SAME:
        return "代办人和申请人不能是同一个人"
    return "这项服务不能代家人办理"


def consenting(definition: Definition, data: Mapping[str, Any]) -> Cosigner | None:
    """Return the principal as whoever has to agree, where the mandate is given online."""
    proxy = definition.service.proxy
    mandate = data.get("mandate")
    is_online = isinstance(mandate, Mapping) and mandate.get("way") == ONLINE
    if not (is_acting(data) and is_online and proxy.declaration):
        return None
    return Cosigner(
        party=applicant_of(definition),
        name=proxy.name,
        declaration=proxy.declaration,
        inviter_declaration=proxy.agent_declaration,
        version=proxy.version,
        notice=proxy.notice,
        legal_basis=proxy.legal_basis,
    )


def agent_number(data: Mapping[str, Any]) -> str:
    """Return the agent's identity number, as it is compared."""
    agent = data.get("agent")
    return plain_number(str(agent.get("idNo") or "")) if isinstance(agent, Mapping) else ""


def with_mandate(  # noqa: PLR0913 - what the rows are made of
    host: Host,
    conn: Connection,
    definition: Definition,
    data: Mapping[str, Any],
    signed: Sequence[PartyRow],
    instance_id: str,
    user: str | None,
    now: datetime,
) -> list[PartyRow]:
    """Return the parties of a new case with its mandate, where somebody acts for another.

    Args:
        host: The node.
        conn: The transaction.
        definition: The case's deployment.
        data: The application.
        signed: Who agreed from accounts of their own.
        instance_id: The case.
        user: The agent's account; None where a clerk files what was signed on paper.
        now: The present instant.

    Raises:
        InvitationRefused: Somebody else stands behind the agent's account (`not-own`).
    """
    if not is_acting(data):
        return list(signed)
    until = _until(host, data)
    if signed:
        return [replace(one, until=until) if one.role == AGENT else one for one in signed]
    digest = number_digest(host, _principal_number(definition, data))
    account = identity.find_account(conn, digest)
    agent = number_digest(host, agent_number(data))
    is_agent = is_verified_as(conn, user, agent) if user else False
    return [
        PartyRow(instance_id, "agent", AGENT, user, is_agent, "", "", now, None, until),
        PartyRow(
            instance_id,
            applicant_of(definition),
            PRINCIPAL,
            account,
            account is not None,
            "",
            "",
            None,
            digest,
        ),
    ]


def is_verified_as(conn: Connection, user: str, digest: str) -> bool:
    """Whether the account's identity was checked and is the one that an application names.

    Raises:
        InvitationRefused: It was checked and is another (`not-own`).
    """
    found = identity.find_identity(conn, user)
    if found is not None and found.digest != digest:
        raise InvitationRefused("not-own", "The account is another person's")
    return found is not None


def _until(host: Host, data: Mapping[str, Any]) -> datetime | None:
    """Return the end of the mandate's last day in the legal time zone; None where none is set."""
    mandate = data.get("mandate")
    text = mandate.get("until") if isinstance(mandate, Mapping) else None
    if not isinstance(text, str) or not text:
        return None
    last = date.fromisoformat(text[:10])
    return datetime.combine(last + timedelta(days=1), time(), host.zone)


def _principal_number(definition: Definition, data: Mapping[str, Any]) -> str:
    person = person_at(data, definition.service.applicant)
    return plain_number(str(person.get("idNo") or ""))


def _is_true(text: str, data: Mapping[str, Any], env: Environment) -> bool:
    return feel.to_json(feel.compile_attribute(text).evaluate(data, env)) is True


def end_old_mandates(host: Host) -> int:
    """End the mandates whose last day is over; return how many."""
    now = host.clock()
    return host.database.write(lambda conn: cases.end_mandates(conn, now))
