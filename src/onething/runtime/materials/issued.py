"""Documents that a case issued to a person, and that still stand: they may be used again elsewhere.

A document stands while it is not withdrawn, the item that it belongs to is granted, nothing newer
of its kind replaced it, and its case is neither on hold, nor changed by a review or judgment, nor
followed by another. It is the person's whose identity number its case names for whom it is made
out to: an account that was verified under another number is offered nothing, and an application
that names somebody else may not use it. The bytes lie in the store since they were issued, under
the number that anybody may check.

Source: 国办函〔2016〕108号 (A: issued by the authority, used directly).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from onething import cases, documents, engine, identity, instances, materials
from onething.cases import AGENT, VOID, CaseRow
from onething.definitions import Service
from onething.documents import DocumentRow
from onething.errors import CaseArchived, HistoryBroken, NotFound
from onething.materials import PDF, MaterialRow
from onething.runtime.applications.party_places import number_digest, person_at, plain_number
from onething.runtime.host import Host
from onething.runtime.messages.tell_parties import recipients
from onething.runtime.rebuild import rebuild

_GRANTING = ("GRANTED", "PARTIAL", None)
"""Results of a closed case whose documents stand; None where the diagrams name no result."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A document of a case that may stand for a material of another one."""

    names: frozenset[str]
    """What manifests call it, such as `marriage-status-change/divorce-certificate`."""
    title: str
    number: str
    department: str
    """Code of the department whose item it belongs to; of the core item for the whole case."""
    row: MaterialRow
    """As the other case will hold it."""
    holder: str = field(repr=False)
    """Keyed digest of the identity number of whom it is made out to."""


def list_issued(
    host: Host, conn: Connection, user: str, case: CaseRow, names: frozenset[str]
) -> list[Issued]:
    """Return what a case issued to a person under some names and that still stands."""
    if not any(one.partition("/")[0] == case.service for one in names):
        return []
    service = host.definitions.get(conn, case.service, case.number).service
    newest = {
        (row.template, row.item, row.to): row for row in documents.of_case(conn, case.instance_id)
    }
    found = [
        (row, called)
        for row in newest.values()
        if row.withdrawn_at is None
        and (called := names & _names(service, row))
        and host.store.holds(row.sha256 or "")
    ]
    if not found or not _stands(conn, case) or _acts(conn, case, user):
        return []
    mine = [
        (row, called)
        for row, called in found
        if _is_granted(conn, case, row) and _is_for(host, conn, case, row, user)
    ]
    data = _data(host, conn, case) if mine else {}
    verified = identity.find_identity(conn, user)
    held = ((_holder(host, conn, case, service, data, row, user), row, of) for row, of in mine)
    return [
        _issued(service, row, called, holder)
        for holder, row, called in held
        if holder and (verified is None or verified.digest == holder)
    ]


def digest_of(host: Host, service: Service, data: Mapping[str, Any], party: str | None) -> str:
    """Return the digest of a party's identity number; of the applicant's where it is no party's.

    Empty where the application names none.
    """
    expression = service.parties.get(party or "") or service.applicant
    number = plain_number(str(person_at(data, expression).get("idNo") or ""))
    return number_digest(host, number) if number else ""


def _data(host: Host, conn: Connection, case: CaseRow) -> Mapping[str, Any]:
    """Return a case's variables; none where its history cannot be read any more."""
    try:
        state = rebuild(host, conn, instances.get(conn, case.instance_id))
    except (CaseArchived, HistoryBroken, NotFound):
        return {}
    found: Mapping[str, Any] = engine.variables(state)
    return found


def _holder(  # noqa: PLR0913 - a document of a case, and who asks for it
    host: Host,
    conn: Connection,
    case: CaseRow,
    service: Service,
    data: Mapping[str, Any],
    row: DocumentRow,
    user: str,
) -> str:
    """Return whom a document is made out to: a party by name, else whichever party asks."""
    mine = cases.party_of(conn, case.instance_id, user)
    party = row.to if row.to in service.parties else mine.party if mine else None
    return digest_of(host, service, data, party)


def _names(service: Service, row: DocumentRow) -> frozenset[str]:
    """Return what manifests call a document: its service, and its id there."""
    ids = (one.id for one in service.documents if one.template_id == row.template)
    return frozenset(f"{service.code}/{one}" for one in ids)


def _stands(conn: Connection, case: CaseRow) -> bool:
    """Whether a case's decisions stand: no review goes on or changed them, nothing follows."""
    holds = cases.holds_of(conn, case.instance_id)
    if any(one.is_open or one.asks_for_correction for one in holds):
        return False
    after = (
        cases.of_instance(conn, one.instance_id) for one in cases.followers(conn, case.instance_id)
    )
    return all(one.result in VOID and not one.is_open for one in after)


def _acts(conn: Connection, case: CaseRow, user: str) -> bool:
    """Whether somebody is the case's agent: what it issued is the family member's."""
    mine = cases.party_of(conn, case.instance_id, user)
    return mine is not None and mine.role == AGENT


def _is_granted(conn: Connection, case: CaseRow, row: DocumentRow) -> bool:
    if row.item is None:
        return not case.is_open and case.result in _GRANTING
    states = cases.item_states(conn, [case.instance_id])[case.instance_id]
    return states.get(row.item) == "granted"


def _is_for(host: Host, conn: Connection, case: CaseRow, row: DocumentRow, user: str) -> bool:
    """Whether a document is for a person: made out to them, or to the case as a whole."""
    if row.to is None:
        return user in cases.accounts_of(conn, case.instance_id, case.submitted_by)
    return user in recipients(host, conn, case, row.to)


def issuer_of(service: Service, row: DocumentRow) -> str:
    """Return the department whose item a document belongs to; of the core item for a whole case."""
    item = service.item(row.item) or service.item(service.core_item)
    return item.department if item else ""


def _issued(service: Service, row: DocumentRow, names: frozenset[str], holder: str) -> Issued:
    sha256 = row.sha256 or ""
    material = MaterialRow(
        instance_id=row.instance_id,
        id=materials.id_of(sha256),
        kind=None,
        item=row.item,
        name=f"{row.title} {row.number}.pdf",
        sha256=sha256,
        size_bytes=row.size_bytes or 0,
        type=PDF,
        trust="A",
        source="CERT",
        given_by="",
        at=row.at,
    )
    return Issued(names, row.title, row.number, issuer_of(service, row), material, holder)
