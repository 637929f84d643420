"""Who agreed to a case's application, as its parties and clerks read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from onething import runtime
from onething.cases import AGENT, APPLICANT, COSIGNER, PRINCIPAL, CaseRow, PartyRow
from onething.definitions import Definition
from onething.web.node import actor, host
from onething.web.wording import worded

_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One party's agreement."""

    party: str
    role: str
    is_verified: bool
    is_known: bool
    """Whether the party has an account in the case."""
    version: str
    """Of the declaration agreed to; empty where the party agreed to none online."""
    at: datetime | None
    until: datetime | None
    """Within the last day of a mandate."""
    ended_at: datetime | None


def agreements(case: CaseRow) -> list[AgreementLine]:
    """Return who agreed from accounts of their own; none where one person filed the case."""
    found = [one for one in runtime.list_parties(host(), case.instance_id) if not _is_helped(one)]
    if not found:
        return []
    with host().database.read() as conn:
        definition = host().definitions.get(conn, case.service, case.number)
    return [
        AgreementLine(
            _name(one, definition),
            one.role,
            one.is_verified,
            one.user is not None,
            one.version,
            one.agreed_at,
            one.until - _AN_INSTANT if one.until else None,
            one.ended_at,
        )
        for one in found
    ]


def _is_helped(row: PartyRow) -> bool:
    """Whether a party is the citizen for whom a clerk filed: declared at the counter."""
    return row.role == APPLICANT and row.agreed_at is None


def _name(row: PartyRow, definition: Definition) -> str:
    if row.role == AGENT:
        return str(_("受托代办人"))
    if row.role == PRINCIPAL:
        return str(_("申请人本人（委托人）"))
    named = (one.name for one in definition.service.cosigners if one.party == row.party)
    name = next(named, "") if row.role == COSIGNER else ""
    return worded(name, definition) if name else _("申请人")


def can_revoke(case: CaseRow) -> bool:
    """Whether the reader is the principal of a mandate that holds."""
    found = runtime.list_parties(host(), case.instance_id)
    is_mine = any(one.role == PRINCIPAL and one.user == actor().user for one in found)
    return is_mine and any(one.role == AGENT and one.ended_at is None for one in found)


FILTERS = {"agreements": agreements, "can_revoke": can_revoke}
"""What the templates call these by."""
