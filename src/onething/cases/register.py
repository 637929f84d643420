"""The register of a department: one line an item of a case, by the day of a step of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from onething.cases.models import case, item

RegisterKind = Literal["received", "accepted", "decided", "delivered"]
REGISTER_KINDS: tuple[RegisterKind, ...] = get_args(RegisterKind)
_NOT_ENDED = ("waiting", "in_progress", "not_needed")


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """Which lines a register has."""

    department: str
    kind: RegisterKind
    since: datetime
    until: datetime
    """No longer in it."""
    delivered: Select[tuple[str]]
    """The query for instances that were delivered in that time; read where `kind` is that."""
    desk: Select[tuple[str]]
    """The query for instances that the department works on as a whole: all their items count."""
    seen: Select[tuple[str]] | None = None
    """The query for instances whose items may stand in it; None: every one."""
    foreign: Select[tuple[str]] | None = None
    """The query for instances that are other posts' work: what is in neither counts by region."""
    region: str = ""
    """Digits with which the region of what is nobody's work begins."""
    service: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterItem:
    """One item of a case in a register."""

    instance_id: str
    case_no: str
    service: str
    number: int
    title: str
    submitted_at: datetime
    accepted_at: datetime | None
    item_id: str
    item_no: str
    name: str
    department: str
    state: str
    ended_at: datetime | None


def register(conn: Connection, wanted: RegisterFilter, limit: int) -> list[RegisterItem]:
    """Return the lines of a register in the order of their day, at most `limit`."""
    columns = (
        case.c.instance_id,
        case.c.case_no,
        case.c.service,
        case.c.number,
        case.c.title,
        case.c.submitted_at,
        case.c.accepted_at,
        item.c.item_id,
        item.c.item_no,
        item.c.name,
        item.c.department,
        item.c.state,
        item.c.ended_at,
    )
    query = select(*columns).join(item, item.c.instance_id == case.c.instance_id)
    is_own = or_(item.c.department == wanted.department, item.c.instance_id.in_(wanted.desk))
    query = query.where(is_own, item.c.state != "not_needed")
    for column, value in ((case.c.service, wanted.service), (item.c.item_id, wanted.item)):
        if value is not None:
            query = query.where(column == value)
    query = query.where(*_of_kind(wanted), *_seen(wanted))
    query = query.order_by(_day(wanted.kind), item.c.item_no).limit(limit)
    return [RegisterItem(**row._asdict()) for row in conn.execute(query)]


def _day(kind: RegisterKind) -> ColumnElement[datetime | None]:
    at: dict[RegisterKind, ColumnElement[datetime | None]] = {
        "received": case.c.submitted_at,
        "accepted": case.c.accepted_at,
    }
    return at.get(kind, item.c.ended_at)


def _of_kind(wanted: RegisterFilter) -> list[ColumnElement[bool]]:
    if wanted.kind == "delivered":
        return [case.c.instance_id.in_(wanted.delivered)]
    at = _day(wanted.kind)
    found = [at >= wanted.since, at < wanted.until]
    return [*found, item.c.state.not_in(_NOT_ENDED)] if wanted.kind == "decided" else found


def _seen(wanted: RegisterFilter) -> list[ColumnElement[bool]]:
    if wanted.seen is None or wanted.foreign is None:
        return []
    near = or_(case.c.region.is_(None), case.c.region.startswith(wanted.region, autoescape=True))
    nobodys = and_(case.c.instance_id.not_in(wanted.foreign), near)
    return [or_(case.c.instance_id.in_(wanted.seen), nobodys)]
