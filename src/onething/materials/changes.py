"""Write materials."""

from dataclasses import asdict

from sqlalchemy import Connection, insert, update

from onething.errors import InvalidInput
from onething.materials.models import material
from onething.materials.row import SOURCES, STATES, TRUSTS, MaterialRow


def add(conn: Connection, row: MaterialRow, sealed_name: bytes) -> MaterialRow:
    """Give a case a material; its bytes already lie in the store, its name is sealed.

    Raises:
        InvalidInput: trust, source or state is none of the known ones.
    """
    known = {"trust": TRUSTS, "source": SOURCES, "state": STATES}
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
    conn.execute(
        update(material)
        .where(material.c.instance_id == row.instance_id, material.c.id == row.id)
        .values(state=state, trust=trust)
    )
