"""Use again what a person gave, or what was issued to them: own only, with consent, as it holds.

The bytes lie in the store already; the new case names the same ones and keeps their trust. What
was used again is not offered from there: its days run from when it was first given or issued.
A material that departments share is offered only where sharing has failed.

Source: 国办函〔2016〕108号 (checked once, used again), 个人信息保护法 (consent, purpose).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from onething import cases, materials
from onething.cases import AGENT, CaseRow
from onething.definitions import MaterialRule, Service
from onething.errors import InvalidInput, NotFound
from onething.identity import Actor
from onething.materials import BY_HAND, MaterialRow
from onething.runtime.host import Host
from onething.runtime.materials.issued import Issued, digest_of, list_issued
from onething.runtime.sealing import text_opener
from onething.runtime.sharing.sharing import failures

_MOST_CASES = 50
_MOST_OFFERS = 20


@dataclass(frozen=True, slots=True)
class Reuse:
    """Where a material was first."""

    case_no: str
    material_id: str
    document: str = ""
    """Number of the document that it is; empty for what a person gave."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A material of an own earlier case that would do for a service."""

    rule: MaterialRule
    """What the service asks for."""
    item: str
    row: MaterialRow
    case: CaseRow
    """Where it was given or issued."""
    until: datetime
    """Until when it holds."""
    issued: Issued | None = None
    """The document that it is; None for what the person gave."""

    @property
    def reuse(self) -> Reuse:
        """Where it was, as a command takes it."""
        number = self.issued.number if self.issued else ""
        return Reuse(self.case.case_no, self.row.id, number)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is wanted for a case, and whose it must be."""

    host: Host
    conn: Connection
    user: str
    service: Service
    failed: Mapping[str, str] = field(default_factory=dict)
    """Why sharing failed for the case, by operation."""

    def rules(self) -> Iterator[tuple[str, MaterialRule]]:
        """Yield the materials that may be used again, each with its item."""
        for item in self.service.items:
            for rule in item.materials:
                shared_is_open = rule.fallback == "UPLOAD" and rule.operation in self.failed
                if rule.valid_days and (shared_is_open or not rule.is_shared):
                    yield item.id, rule


def list_reusable(
    host: Host, actor: Actor, service: Service, *, without: str | None = None
) -> list[Offer]:
    """Return what is the person's and would do for a service, each content once, newest first.

    Args:
        host: The node.
        actor: Whose it is; a helper, who files for many, is offered none.
        service: What it is wanted for.
        without: Number of the case that it is wanted for: what that has is left out.
    """
    if "applicant" not in actor.roles or not _may_be_wanted(service):
        return []
    with host.database.read() as conn:
        asking = cases.get(conn, without).instance_id if without else None
        failed = failures(conn, asking) if asking else {}
        wish = _Wish(host, conn, actor.user, service, failed)
        own = cases.listing(conn, instance_ids=cases.instances_of(actor.user), limit=_MOST_CASES)
        offers = [one for case in own if case.case_no != without for one in _offers(wish, case)]
        here = materials.ids(conn, asking) if asking else set()
    found: dict[tuple[str, str], Offer] = {}
    for one in sorted(offers, key=lambda one: one.issued is None):  # a document before its copies
        if one.row.id not in here:
            found.setdefault((one.rule.id, one.row.sha256), one)
    return sorted(found.values(), key=lambda one: one.row.at, reverse=True)[:_MOST_OFFERS]


def require_reusable(  # noqa: PLR0913 - who wants what of whom, and for which case
    host: Host,
    conn: Connection,
    actor: Actor,
    service: Service,
    kind: str | None,
    reuse: Reuse,
    *,
    owner: str | None = None,
    instance_id: str | None = None,
    field: str = "material",
) -> Offer:
    """Return the offer that a command takes: it still holds, and is its owner's.

    Args:
        host: The node.
        conn: The command's connection.
        actor: Who asks; a helper, who files for many, may not.
        service: What it is wanted for.
        kind: Id of the material there.
        reuse: Where it was.
        owner: Whose it must be; None: the actor's.
        instance_id: The case that it is wanted for, where there is one.
        field: Where the message stands.

    Raises:
        InvalidInput: It is somebody else's, of another kind, or holds no more.
    """
    refused = _refused(field)
    if "applicant" not in actor.roles:
        raise refused
    failed = failures(conn, instance_id) if instance_id else {}
    try:
        case = cases.get(conn, reuse.case_no)
    except NotFound:
        raise refused from None
    for one in _offers(_Wish(host, conn, owner or actor.user, service, failed), case):
        is_named = reuse.document in ("", one.reuse.document)
        if one.rule.id == kind and one.row.id == reuse.material_id and is_named:
            return one
    raise refused


def require_holder(  # noqa: PLR0913 - whose document, and who is named now
    host: Host,
    service: Service,
    data: Mapping[str, Any],
    party: str | None,
    offer: Offer,
    field: str,
) -> None:
    """Raise InvalidInput where an application names somebody else than a document is made out to.

    Args:
        host: The node.
        service: What it is wanted for.
        data: The application.
        party: As which party it is given; None: the applicant.
        offer: The document, or something that the person gave, which passes.
        field: Where the message stands.
    """
    if offer.issued and offer.issued.holder != digest_of(host, service, data, party):
        raise _refused(field)


def _refused(field: str) -> InvalidInput:
    told = "这份材料不能再次使用，请重新上传 (this material cannot be used again: upload it)"
    return InvalidInput(told, {field: told})


def consent_of(service: Service, reused: Sequence[tuple[str, Reuse | None]]) -> dict[str, object]:
    """Return what an event keeps of a consent: (new material's id, where it was)."""
    kept = [
        {
            "material": name,
            "from": one.case_no,
            **({"document": one.document} if one.document else {}),
        }
        for name, one in reused
        if one
    ]
    purpose = f"本人同意为办理“{service.name}”再次使用"
    return {"reused": kept, "consent": purpose} if kept else {}


def _may_be_wanted(service: Service) -> bool:
    return any(rule.valid_days for item in service.items for rule in item.materials)


def _offers(wish: _Wish, case: CaseRow) -> Iterator[Offer]:
    """Yield what of a case would do: documents that it issued first, then what was given."""
    if case.submitted_by == wish.user and case.channel == cases.CHANNELS["window"]:
        return  # filed for somebody else, whose it is
    yield from _issued(wish, case)
    mine = cases.party_of(wish.conn, case.instance_id, wish.user)
    acts = mine is not None and mine.role == AGENT  # what an agent gave is the family member's
    if case.submitted_by != wish.user or acts:
        return
    unseal = text_opener(wish.host.keys, wish.conn, case.instance_id)
    for row in materials.of_case(wish.conn, case.instance_id, unseal):
        yield from _given(wish, case, row)


def _issued(wish: _Wish, case: CaseRow) -> Iterator[Offer]:
    rules = [(item, rule) for item, rule in wish.rules() if rule.issued]
    names = frozenset(name for _item, rule in rules for name in rule.issued)
    for one in list_issued(wish.host, wish.conn, wish.user, case, names):
        for item, rule in rules:
            until = one.row.at + timedelta(days=rule.valid_days)
            if one.names & set(rule.issued) and until > wish.host.clock():
                yield Offer(rule, item, one.row, case, until, one)


def _given(wish: _Wish, case: CaseRow, row: MaterialRow) -> Iterator[Offer]:
    """Yield what a material that was given to a case would do for."""
    is_given = row.source in BY_HAND and row.state in ("given", "accepted")
    is_own = row.given_by == wish.user and not row.reused_from
    if not (is_own and is_given and row.kind) or not wish.host.store.holds(row.sha256):
        return
    before = wish.host.definitions.get(wish.conn, case.service, case.number).service
    rules = [one for item in before.items for one in item.materials if one.id == row.kind]
    for item, rule in wish.rules():
        days = [rule.valid_days, *(one.valid_days for one in rules if one.sort == rule.sort)]
        until = row.at + timedelta(days=min(days))
        if len(days) > 1 and until > wish.host.clock():
            yield Offer(rule, item, row, case, until)
