"""Holds on cases while their decision is reviewed or before a court."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from onething.cases.models import case_hold
from onething.errors import NotFound

HOLD_KINDS = ("review", "litigation")
"""行政复议, 诉讼."""
OUTCOMES = ("maintained", "annulled", "changed")
"""What review or judgment makes of the decision."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold on one case."""

    instance_id: str
    number: int
    case_no: str
    department: str
    """Whose supervisor put it there."""
    kind: str
    document: str
    """Number of the paper that it rests on."""
    dated_on: date
    basis: str
    put_by: str
    put_at: datetime
    outcome: str | None = None
    outcome_document: str | None = None
    outcome_on: date | None = None
    lifted_by: str | None = None
    lifted_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it holds still."""
        return self.lifted_at is None

    @property
    def asks_for_correction(self) -> bool:
        """Whether its outcome says that the decision does not stand as it was."""
        return self.outcome in ("annulled", "changed")


def put_hold(conn: Connection, row: Hold) -> None:
    """Keep a new hold."""
    conn.execute(insert(case_hold), asdict(row))


def lift_hold(  # noqa: PLR0913 - the columns that change
    conn: Connection,
    hold: Hold,
    *,
    outcome: str,
    document: str,
    dated_on: date,
    by: str,
    at: datetime,
) -> None:
    """Let a hold end with its outcome."""
    conn.execute(
        update(case_hold)
        .where(case_hold.c.instance_id == hold.instance_id, case_hold.c.number == hold.number)
        .values(
            outcome=outcome,
            outcome_document=document,
            outcome_on=dated_on,
            lifted_by=by,
            lifted_at=at,
        )
    )


def holds_of(conn: Connection, instance_id: str) -> list[Hold]:
    """Return every hold that a case had, oldest first."""
    query = select(case_hold).where(case_hold.c.instance_id == instance_id)
    return [Hold(*row) for row in conn.execute(query.order_by(case_hold.c.number))]


def hold_of(conn: Connection, instance_id: str) -> Hold | None:
    """Return the hold under which a case rests; None when there is none."""
    return next((one for one in holds_of(conn, instance_id) if one.is_open), None)


def held_among(conn: Connection, instance_ids: Sequence[str]) -> frozenset[str]:
    """Return those of some instances that are on hold."""
    if not instance_ids:
        return frozenset()
    query = select(case_hold.c.instance_id).where(
        case_hold.c.instance_id.in_(instance_ids), case_hold.c.lifted_at.is_(None)
    )
    return frozenset(conn.execute(query).scalars())


def list_holds(
    conn: Connection,
    department: str | None,
    *,
    is_open: bool | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> list[Hold]:
    """Return the holds of a department, or of all (None), newest first.

    Args:
        conn: The connection.
        department: Whose; None: everybody's.
        is_open: Only those that hold still, or only those that do not.
        after: Case and number of the hold to begin behind.
        limit: So many at most.

    Raises:
        NotFound: There is no hold to begin behind.
    """
    query = select(case_hold)
    if department is not None:
        query = query.where(case_hold.c.department == department)
    if is_open is not None:
        lifted = case_hold.c.lifted_at
        query = query.where(lifted.is_(None) if is_open else lifted.is_not(None))
    if after is not None:
        query = query.where(case_hold.c.put_at < _put_at(conn, *after))
    query = query.order_by(case_hold.c.put_at.desc(), case_hold.c.instance_id)
    return [Hold(*row) for row in conn.execute(query.limit(limit))]


def _put_at(conn: Connection, case_no: str, number: int) -> datetime:
    query = select(case_hold.c.put_at).where(
        case_hold.c.case_no == case_no, case_hold.c.number == number
    )
    row = conn.execute(query).first()
    if row is None:
        raise NotFound("There is no such hold")
    at: datetime = row.put_at
    return at
