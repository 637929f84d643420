"""Cases that a clerk opened at a counter for a citizen who came."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from onething.cases.models import filing


@dataclass(frozen=True, slots=True)
class FilingRow:
    """Whose case it is, and who helped."""

    instance_id: str
    holder: str
    """Keyed digest of the citizen's identity number, as of a verified account."""
    filed_by: str
    declaration: str
    """Version of the words that the citizen declared."""
    identity: str
    """verified, differs, unreachable or unasked."""
    at: datetime


def add_filing(conn: Connection, row: FilingRow) -> None:
    """Keep whose case it is; written with its opening."""
    conn.execute(insert(filing).values({name: getattr(row, name) for name in row.__slots__}))


def find_filing(conn: Connection, instance_id: str) -> FilingRow | None:
    """Return for whom a clerk opened a case, or None where nobody did."""
    row = conn.execute(select(filing).where(filing.c.instance_id == instance_id)).first()
    return None if row is None else FilingRow(*row)
