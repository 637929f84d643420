"""Read cases and items."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from onething.cases.models import case, item, open_subject
from onething.cases.sought import sought
from onething.errors import NotFound
from onething.instances.models import instance

CLOSED = ("CLOSED", "ARCHIVED")
DECIDED = ("GRANTED", "PARTIAL", "DENIED")
"""Results that say yes or no to what was applied for."""
_ITEMS = select(item).where(item.c.instance_id == bindparam("id")).order_by(item.c.item_id)
_OF_INSTANCE = select(case).where(case.c.instance_id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as lists show it."""

    instance_id: str
    case_no: str
    query_code: str
    service: str
    number: int
    name: str
    title: str
    state: str
    result: str | None
    region: str | None
    channel: str
    submitted_by: str
    submitted_at: datetime
    accepted_at: datetime | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether the case still goes on."""
        return self.state not in CLOSED


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of a case."""

    instance_id: str
    item_id: str
    item_no: str
    name: str
    department: str
    state: str
    reason: str | None
    """None too where it was read without a way to unseal it."""
    started_at: datetime | None
    ended_at: datetime | None


def of_instance(conn: Connection, instance_id: str) -> CaseRow:
    """Return the case of an instance; raise NotFound when there is none."""
    row = conn.execute(_OF_INSTANCE, {"id": instance_id}).first()
    if row is None:
        raise NotFound(f"No case of instance {instance_id}")
    return CaseRow(*row)


def get(conn: Connection, case_no: str) -> CaseRow:
    """Return a case by its number; raise NotFound when there is none."""
    row = conn.execute(select(case).where(case.c.case_no == case_no)).first()
    if row is None:
        raise NotFound(f"No case {case_no}")
    return CaseRow(*row)


def listing(  # noqa: PLR0913 - one argument a filter of the list
    conn: Connection,
    *,
    service: str | None = None,
    state: str | None = None,
    open_only: bool = False,
    submitted_by: str | None = None,
    instance_ids: Select[tuple[str]] | Sequence[str] | None = None,
    more_ids: Select[tuple[str]] | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[CaseRow]:
    """Return cases, newest first, at most `limit`, beginning after a case number.

    `submitted_by`, `instance_ids` and `more_ids` say whose cases: who filed them, or queries
    for their instances; with several, either will do.
    """
    query = select(case)
    for column, value in ((case.c.service, service), (case.c.state, state)):
        if value is not None:
            query = query.where(column == value)
    if open_only:
        query = query.where(case.c.state.not_in(CLOSED))
    whose: list[ColumnElement[bool]] = []
    if submitted_by is not None:
        whose.append(case.c.submitted_by == submitted_by)
    whose += [case.c.instance_id.in_(ids) for ids in (instance_ids, more_ids) if ids is not None]
    if whose:
        query = query.where(or_(*whose))
    if text:
        query = query.where(sought(text, conn.dialect.name))
    if after is not None:
        last = get(conn, after)
        query = query.where(
            or_(
                case.c.submitted_at < last.submitted_at,
                and_(
                    case.c.submitted_at == last.submitted_at,
                    case.c.instance_id < last.instance_id,
                ),
            )
        )
    query = query.order_by(case.c.submitted_at.desc(), case.c.instance_id.desc())
    return [CaseRow(*row) for row in conn.execute(query.limit(limit))]


def decided(
    service: str, since: datetime, until: datetime, limit: int
) -> Select[tuple[str, datetime, datetime]]:
    """Return the query for a service's cases that came to a decision between two instants.

    Instance, when it was submitted, when it was closed; newest first, at most `limit`. A case
    that was withdrawn, not accepted, handed over or broken off came to none; a service whose
    diagrams name no result decides with its end.
    """
    return (
        select(
            case.c.instance_id,
            case.c.submitted_at,
            func.coalesce(case.c.closed_at, instance.c.ended_at).label("closed_at"),
        )
        .join(instance, instance.c.instance_id == case.c.instance_id)
        .where(instance.c.ended_at >= since, instance.c.ended_at < until)
        .where(case.c.service == service)
        .where(or_(case.c.result.is_(None), case.c.result.in_(DECIDED)))
        .order_by(instance.c.ended_at.desc(), case.c.instance_id)
        .limit(limit)
    )


def items(
    conn: Connection, instance_id: str, unseal: Callable[[bytes], str] | None = None
) -> list[ItemRow]:
    """Return the items of a case by id; their reasons where there is a way to unseal them."""
    found = [row._asdict() for row in conn.execute(_ITEMS, {"id": instance_id})]
    return [ItemRow(reason=_opened(row.pop("sealed_reason"), unseal), **row) for row in found]


def item_states(conn: Connection, instance_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the states of the items of several cases, by case and item."""
    found: dict[str, dict[str, str]] = {one: {} for one in instance_ids}
    query = select(item.c.instance_id, item.c.item_id, item.c.state)
    for case_id, item_id, state in conn.execute(query.where(item.c.instance_id.in_(instance_ids))):
        found[case_id][item_id] = state
    return found


def _opened(sealed: bytes | None, unseal: Callable[[bytes], str] | None) -> str | None:
    return None if sealed is None or unseal is None else unseal(sealed)


def open_on_subject(conn: Connection, service: str, subject: str) -> str | None:
    """Return the instance that is open on a subject, or None."""
    query = select(open_subject.c.instance_id).where(
        open_subject.c.service == service, open_subject.c.subject == subject
    )
    return conn.execute(query).scalar()


def count_by_state(conn: Connection) -> dict[str, int]:
    """Return the number of cases by state."""
    query = select(case.c.state, func.count()).group_by(case.c.state)
    return {state: n for state, n in conn.execute(query)}  # noqa: C416 - rows are no pairs to dict
