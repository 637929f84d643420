"""Read and write objections to shared data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from onething.errors import NotFound
from onething.sharing.models import objection


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """One objection."""

    instance_id: str
    number: int
    case_no: str
    service: str
    path: str
    operation: str
    department: str
    state: str
    """open, corrected or kept."""
    raised_at: datetime
    answered_at: datetime | None = None
    answered_by: str | None = None
    sealed: bytes = field(default=b"", repr=False)
    sealed_answer: bytes | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """The id in addresses."""
        return f"{self.instance_id}-{self.number}"


def add_objections(conn: Connection, rows: Sequence[ObjectionRow]) -> None:
    """Insert the objections of a new case."""
    if rows:
        values = [{name: getattr(row, name) for name in row.__slots__} for row in rows]
        conn.execute(insert(objection), values)


def objections_of(conn: Connection, instance_id: str) -> list[ObjectionRow]:
    """Return the objections of a case in the form's order."""
    query = select(objection).where(objection.c.instance_id == instance_id)
    return [ObjectionRow(*row) for row in conn.execute(query.order_by(objection.c.number))]


def get_objection(conn: Connection, objection_id: str) -> ObjectionRow:
    """Return an objection by its id; raise NotFound where there is none."""
    instance_id, _, number = objection_id.rpartition("-")
    row = None
    if number.isascii() and number.isdigit() and len(number) <= 4:  # noqa: PLR2004 - digits
        query = select(objection).where(
            objection.c.instance_id == instance_id, objection.c.number == int(number)
        )
        row = conn.execute(query).first()
    if row is None:
        raise NotFound(f"No objection {objection_id}")
    return ObjectionRow(*row)


def list_objections(
    conn: Connection, department: str | None, state: str, limit: int
) -> list[ObjectionRow]:
    """Return objections in a state, the oldest first.

    Args:
        conn: The connection.
        department: Whose data they are about; None for all.
        state: open, corrected or kept.
        limit: Most of them.
    """
    query = select(objection).where(objection.c.state == state)
    if department is not None:
        query = query.where(objection.c.department == department)
    order = (objection.c.raised_at, objection.c.instance_id, objection.c.number)
    return [ObjectionRow(*row) for row in conn.execute(query.order_by(*order).limit(limit))]


def count_open_objections(conn: Connection, department: str) -> int:
    """Return how many objections to a department's data wait for its answer."""
    query = select(func.count()).where(
        objection.c.department == department, objection.c.state == "open"
    )
    return int(conn.execute(query).scalar_one())


def answer_objection(  # noqa: PLR0913 - the columns of one answer
    conn: Connection, row: ObjectionRow, state: str, answer: bytes, by: str, at: datetime
) -> bool:
    """Write a department's answer; say whether the objection was still open."""
    query = (
        update(objection)
        .where(
            objection.c.instance_id == row.instance_id,
            objection.c.number == row.number,
            objection.c.state == "open",
        )
        .values(state=state, sealed_answer=answer, answered_by=by, answered_at=at)
    )
    return conn.execute(query).rowcount == 1
