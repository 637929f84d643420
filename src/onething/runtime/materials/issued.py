"""Documents that a case issued to a person, and that still stand: they may be used again elsewhere.

A document stands while the item that it belongs to is granted, nothing newer of its kind replaced
it, and its case is neither on hold, nor changed by a review or judgment, nor followed by another.
The bytes lie in the store since they were issued, under the number that anybody may check.

Source: 国办函〔2016〕108号 (A: issued by the authority, used directly).
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from onething import cases, documents, materials
from onething.cases import AGENT, VOID, CaseRow
from onething.definitions import Service
from onething.documents import DocumentRow
from onething.materials import PDF, MaterialRow
from onething.runtime.host import Host
from onething.runtime.messages.tell_parties import recipients

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
        if (called := names & _names(service, row)) and host.store.holds(row.sha256 or "")
    ]
    if not found or not _stands(conn, case) or _acts(conn, case, user):
        return []
    return [
        _issued(service, row, called)
        for row, called in found
        if _is_granted(conn, case, row) and _is_for(host, conn, case, row, user)
    ]


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


def _issued(service: Service, row: DocumentRow, names: frozenset[str]) -> Issued:
    item = service.item(row.item) or service.item(service.core_item)
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
    return Issued(names, row.title, row.number, item.department if item else "", material)
