"""Read materials."""

from sqlalchemy import Connection, select

from onething.errors import NotFound
from onething.materials.models import material
from onething.materials.row import MaterialRow

_COLUMNS = [material.c[name] for name in MaterialRow.__slots__]


def of_case(conn: Connection, instance_id: str) -> list[MaterialRow]:
    """Return a case's materials in the order they came."""
    query = (
        select(*_COLUMNS)
        .where(material.c.instance_id == instance_id)
        .order_by(material.c.at, material.c.id)
    )
    return [MaterialRow(*row) for row in conn.execute(query)]


def get(conn: Connection, instance_id: str, material_id: str) -> MaterialRow:
    """Return one material.

    Raises:
        NotFound: the case has no such material.
    """
    query = select(*_COLUMNS).where(
        material.c.instance_id == instance_id, material.c.id == material_id
    )
    row = conn.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"The case has no material {material_id}")
    return MaterialRow(*row)


def of_content(conn: Connection, sha256: str) -> list[MaterialRow]:
    """Return every use of one content, in all cases: a material given once is reused."""
    query = select(*_COLUMNS).where(material.c.sha256 == sha256).order_by(material.c.at)
    return [MaterialRow(*row) for row in conn.execute(query)]
