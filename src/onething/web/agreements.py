"""Who agreed to a case's application, as its parties and clerks read it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from onething import runtime
from onething.cases import COSIGNER, CaseRow, PartyRow
from onething.definitions import Definition
from onething.web.node import host
from onething.web.wording import worded


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One party's agreement."""

    party: str
    is_verified: bool
    version: str
    at: datetime


def agreements(case: CaseRow) -> list[AgreementLine]:
    """Return who agreed from accounts of their own; none where one person filed the case."""
    found = runtime.list_parties(host(), case.instance_id)
    if not found:
        return []
    with host().database.read() as conn:
        definition = host().definitions.get(conn, case.service, case.number)
    return [
        AgreementLine(_name(one, definition), one.is_verified, one.version, one.agreed_at)
        for one in found
    ]


def _name(row: PartyRow, definition: Definition) -> str:
    named = (one.name for one in definition.service.cosigners if one.party == row.party)
    name = next(named, "") if row.role == COSIGNER else ""
    return worded(name, definition) if name else _("申请人")


FILTERS = {"agreements": agreements}
"""What the templates call these by."""
