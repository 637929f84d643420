"""Write materials."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, insert, update

from onething.errors import InvalidInput
from onething.materials.models import material
from onething.materials.row import REASONS, SOURCES, STATES, TRUSTS, MaterialRow


def add(conn: Connection, row: MaterialRow, sealed_name: bytes) -> MaterialRow:
    """Give a case a material; its bytes already lie in the store, its name is sealed.

    Raises:
        InvalidInput: trust, source, state or reason is none of the known ones.
    """
    known = {"trust": TRUSTS, "source": SOURCES, "state": STATES, "reason": (*REASONS, None)}
    wrong = {
        name: getattr(row, name) for name, all_ in known.items() if getattr(row, name) not in all_
    }
    if wrong:
        raise InvalidInput(f"A material cannot be {wrong}", wrong)
    values = asdict(row)
    del values["name"]
    conn.execute(insert(material).values(**values, sealed_name=sealed_name))
    return row


def judge(conn: Connection, row: MaterialRow, state: str, trust: str | None = None) -> None:
    """Record what a clerk found: accepted, rejected or replaced, and the trust it now has.

    Raises:
        InvalidInput: the state or trust is none of the known ones.
    """
    trust = trust or row.trust
    if state not in STATES or trust not in TRUSTS:
        raise InvalidInput(f"A material cannot be {state} with trust {trust}")
    _change(conn, row, state=state, trust=trust)


def compared(conn: Connection, row: MaterialRow, by: str, at: datetime) -> None:
    """Record that a clerk saw the original: what was uploaded is checked once and for all."""
    _change(conn, row, trust="B", seen_by=by, seen_at=at)


def not_compared(conn: Connection, row: MaterialRow) -> None:
    """Take back that a clerk saw the original."""
    _change(conn, row, trust="C", seen_by=None, seen_at=None)


def _change(conn: Connection, row: MaterialRow, **values: object) -> None:
    conn.execute(
        update(material)
        .where(material.c.instance_id == row.instance_id, material.c.id == row.id)
        .values(**values)
    )
