"""Use again what a person gave before: own materials only, with consent, as long as they hold.

The bytes lie in the store already; the new case names the same ones and keeps their trust. What
was used again is not offered from there: its days run from when it was first given.

Source: 国办函〔2016〕108号 (checked once, used again), 个人信息保护法 (consent, purpose).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from onething import cases, materials
from onething.cases import AGENT, CaseRow
from onething.definitions import MaterialRule, Service
from onething.errors import InvalidInput, NotFound
from onething.identity import Actor
from onething.materials import BY_HAND, MaterialRow
from onething.runtime.host import Host
from onething.runtime.sealing import text_opener

_MOST_CASES = 50
_MOST_OFFERS = 20


@dataclass(frozen=True, slots=True)
class Reuse:
    """Where a material was given first."""

    case_no: str
    material_id: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A material of an own earlier case that would do for a service."""

    rule: MaterialRule
    """What the service asks for."""
    item: str
    row: MaterialRow
    case: CaseRow
    """Where it was given."""
    until: datetime
    """Until when it holds."""

    @property
    def reuse(self) -> Reuse:
        """Where it was given, as a command takes it."""
        return Reuse(self.case.case_no, self.row.id)


def list_reusable(
    host: Host, actor: Actor, service: Service, *, without: str | None = None
) -> list[Offer]:
    """Return the own materials that would do for a service, each content once, newest first.

    Args:
        host: The node.
        actor: Whose they are; a helper, who files for many, is offered none.
        service: What they are wanted for.
        without: Number of a case whose own materials are left out.
    """
    if "applicant" not in actor.roles or not any(True for _ in _wanted(service)):
        return []
    found: dict[tuple[str, str], Offer] = {}
    with host.database.read() as conn:
        here: set[str] = set()
        for case in cases.listing(conn, submitted_by=actor.user, limit=_MOST_CASES):
            unseal = text_opener(host.keys, conn, case.instance_id)
            rows = materials.of_case(conn, case.instance_id, unseal)
            if case.case_no == without:
                here = {row.sha256 for row in rows}
                continue
            for row in rows:
                for offer in _offers(host, conn, actor, service, case, row):
                    found.setdefault((offer.rule.id, row.sha256), offer)
    newest = sorted(found.values(), key=lambda one: one.row.at, reverse=True)
    return [one for one in newest if one.row.sha256 not in here][:_MOST_OFFERS]


def require_reusable(  # noqa: PLR0913 - who wants what of whom
    host: Host, conn: Connection, actor: Actor, service: Service, kind: str | None, reuse: Reuse
) -> MaterialRow:
    """Return the row of a material that a command uses again.

    Raises:
        InvalidInput: It is not this person's, of another kind, or holds no more.
    """
    told = "这份材料不能再次使用, 请重新上传 (this material cannot be used again: upload it)"
    try:
        case = cases.get(conn, reuse.case_no)
        unseal = text_opener(host.keys, conn, case.instance_id)
        row = materials.get(conn, case.instance_id, reuse.material_id, unseal)
    except NotFound:
        raise InvalidInput(told) from None
    offers = _offers(host, conn, actor, service, case, row)
    if "applicant" not in actor.roles or all(one.rule.id != kind for one in offers):
        raise InvalidInput(told)
    return row


def consent_of(service: Service, reused: Sequence[tuple[str, Reuse | None]]) -> dict[str, object]:
    """Return what an event keeps of a consent: (new material's id, where it was given)."""
    kept = [{"material": name, "from": one.case_no} for name, one in reused if one]
    purpose = f"本人同意为办理“{service.name}”再次使用"
    return {"reused": kept, "consent": purpose} if kept else {}


def _wanted(service: Service) -> Iterator[tuple[str, MaterialRule]]:
    for item in service.items:
        for rule in item.materials:
            if rule.valid_days and not rule.is_shared:
                yield item.id, rule


def _offers(  # noqa: PLR0913 - as require_reusable
    host: Host,
    conn: Connection,
    actor: Actor,
    service: Service,
    case: CaseRow,
    row: MaterialRow,
) -> Iterator[Offer]:
    """Yield what a material of a case would do for."""
    mine = cases.party_of(conn, case.instance_id, actor.user)
    acts = mine is not None and mine.role == AGENT  # what an agent gave is the family member's
    is_own = case.submitted_by == actor.user == row.given_by and not acts
    is_given = row.source in BY_HAND and row.state in ("given", "accepted")
    if (
        not (is_own and is_given and row.kind)
        or row.reused_from
        or not host.store.holds(row.sha256)
    ):
        return
    before = host.definitions.get(conn, case.service, case.number).service
    rules = [one for item in before.items for one in item.materials if one.id == row.kind]
    for item, rule in _wanted(service):
        days = [rule.valid_days, *(one.valid_days for one in rules if one.sort == rule.sort)]
        until = row.at + timedelta(days=min(days))
        if len(days) > 1 and until > host.clock():
            yield Offer(rule, item, row, case, until)
