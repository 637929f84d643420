"""Read materials."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from onething.errors import NotFound
from onething.materials.models import material
from onething.materials.row import BY_HAND, MaterialRow

Unseal = Callable[[bytes], str]
"""Opens a name that was sealed under the case's key."""


def of_case(conn: Connection, instance_id: str, unseal: Unseal) -> list[MaterialRow]:
    """Return a case's materials in the order they came."""
    query = (
        select(material)
        .where(material.c.instance_id == instance_id)
        .order_by(material.c.at, material.c.id)
    )
    return [_row(one, unseal) for one in conn.execute(query)]


def ids(conn: Connection, instance_id: str) -> set[str]:
    """Return the ids of a case's materials."""
    query = select(material.c.id).where(material.c.instance_id == instance_id)
    return set(conn.scalars(query))


def given_by_hand(conn: Connection, instance_ids: Select[tuple[str]]) -> int:
    """Count the materials that people gave to some cases; what was replaced counts once."""
    query = select(func.count()).where(
        material.c.instance_id.in_(instance_ids),
        material.c.source.in_(BY_HAND),
        material.c.state != "replaced",
    )
    return int(conn.scalar(query) or 0)


def get(conn: Connection, instance_id: str, material_id: str, unseal: Unseal) -> MaterialRow:
    """Return one material.

    Raises:
        NotFound: the case has no such material.
    """
    query = select(material).where(
        material.c.instance_id == instance_id, material.c.id == material_id
    )
    row = conn.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"The case has no material {material_id}")
    return _row(row, unseal)


def _row(found: Row[Any], unseal: Unseal) -> MaterialRow:
    values = found._asdict()
    sealed = values.pop("sealed_name")
    return MaterialRow(name=unseal(sealed) if sealed else found.id, **values)
