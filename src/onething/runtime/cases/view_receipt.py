"""Read what a receipt says: the case, what was given with it, and by when it is decided."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from onething import cases, clocks, materials
from onething.cases import CaseRow
from onething.definitions import Definition
from onething.errors import NotFound
from onething.identity import Actor
from onething.materials import MaterialRow
from onething.runtime.cases.start_case import query_code_of
from onething.runtime.cases.view_case import log_access
from onething.runtime.clocks.view_clocks import ClockView, explained
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS, owns_case
from onething.runtime.sealing import text_opener


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What the receipt of a case says."""

    case: CaseRow
    definition: Definition
    materials: list[MaterialRow]
    clocks: list[ClockView]
    """Oldest first; tasks' own left out."""
    query_code: str | None = field(repr=False)
    """Whose case it is may see its code at any time; None for the counter that filed it."""


def view_receipt(host: Host, actor: Actor, case_no: str) -> ReceiptView:
    """Return the receipt of a case to whoever applied, or filed it at a counter; log the reading.

    Raises:
        NotFound: There is none, or it is not this person's to have; the attempt is logged.
    """
    with host.database.read() as conn:
        case = cases.get(conn, case_no)
        is_own = owns_case(actor, conn, case)
        allowed = is_own or _filed(actor, conn, case)
        view = _view(host, conn, case, is_own=is_own) if allowed else None
    log_access(host, actor, case_no, "receipt", ["materials"] if view else [], allowed=allowed)
    if view is None:
        raise NotFound(f"No case {case_no[:40]}")
    return view


def _view(host: Host, conn: Connection, case: CaseRow, *, is_own: bool) -> ReceiptView:
    unseal = text_opener(host.keys, conn, case.instance_id)
    found = clocks.of_case(conn, case.instance_id)
    ended = cases.ended_mandates(conn, case.instance_id)
    return ReceiptView(
        case=case,
        definition=host.definitions.get(conn, case.service, case.number),
        materials=materials.of_case(conn, case.instance_id, unseal),
        clocks=[explained(host, one) for one in found if one.owner != "task"],
        query_code=query_code_of(host, case.instance_id, ended) if is_own else None,
    )


def _filed(actor: Actor, conn: Connection, case: CaseRow) -> bool:
    row = cases.find_filing(conn, case.instance_id)
    is_worker = any(role in actor.roles for role in WORKERS)
    return is_worker and row is not None and row.filed_by == actor.user
