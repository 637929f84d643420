"""Which case corrects or takes up again which closed one."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from onething.cases.models import case_link

LINK_KINDS = ("error", "review", "objection")
"""An error is corrected, a review or judgment is followed, an objection is upheld."""

VOID = ("WITHDRAWN", "DEEMED_WITHDRAWN", "TERMINATED")
"""Results after which a following case counts as if it had not been."""


@dataclass(frozen=True, slots=True)
class CaseLink:
    """One case that follows another one."""

    instance_id: str
    case_no: str
    """The case that follows."""
    follows_instance_id: str
    follows_case_no: str
    """The closed case."""
    kind: str
    basis: str
    department: str
    """Whose post opened it."""
    opened_by: str
    opened_at: datetime


def add_link(conn: Connection, row: CaseLink) -> None:
    """Keep that a case follows another one."""
    conn.execute(insert(case_link), asdict(row))


def link_of(conn: Connection, instance_id: str) -> CaseLink | None:
    """Return what a case follows; None where it follows nothing."""
    row = conn.execute(select(case_link).where(case_link.c.instance_id == instance_id)).first()
    return None if row is None else CaseLink(*row)


def followers(conn: Connection, instance_id: str) -> list[CaseLink]:
    """Return the cases that follow one, oldest first."""
    query = select(case_link).where(case_link.c.follows_instance_id == instance_id)
    return [CaseLink(*row) for row in conn.execute(query.order_by(case_link.c.opened_at))]
