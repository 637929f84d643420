"""Read documents."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from onething.documents.models import document
from onething.documents.row import DocumentRow
from onething.errors import NotFound

_COLUMNS = [document.c[name] for name in DocumentRow.__slots__]


def of_case(conn: Connection, instance_id: str) -> list[DocumentRow]:
    """Return a case's finished documents in the order issued."""
    query = (
        select(*_COLUMNS)
        .where(document.c.instance_id == instance_id, document.c.sha256.is_not(None))
        .order_by(document.c.at, document.c.number)
    )
    return [DocumentRow(*row) for row in conn.execute(query)]


def numbers_of(conn: Connection, instance_ids: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return the number of each item's newest finished document, by instance and item."""
    query = (
        select(document.c.instance_id, document.c.item, document.c.number)
        .where(document.c.instance_id.in_(instance_ids), document.c.item.is_not(None))
        .where(document.c.sha256.is_not(None))
        .order_by(document.c.at, document.c.number)
    )
    return {(instance, item): number for instance, item, number in conn.execute(query)}


def find(conn: Connection, instance_id: str, document_id: str) -> DocumentRow | None:
    """Return a document, finished or only reserved, or None."""
    query = select(*_COLUMNS).where(
        document.c.instance_id == instance_id, document.c.id == document_id
    )
    row = conn.execute(query).one_or_none()
    return DocumentRow(*row) if row is not None else None


def get(conn: Connection, instance_id: str, document_id: str) -> DocumentRow:
    """Return a document.

    Raises:
        NotFound: the case has no such document.
    """
    row = find(conn, instance_id, document_id)
    if row is None:
        raise NotFound(f"The case has no document {document_id}")
    return row


def withdrawn_content(conn: Connection, sha256: str) -> DocumentRow | None:
    """Return the withdrawn document that a content is, or None."""
    query = select(*_COLUMNS).where(
        document.c.sha256 == sha256, document.c.withdrawn_at.is_not(None)
    )
    row = conn.execute(query.limit(1)).first()
    return DocumentRow(*row) if row is not None else None


def by_number(conn: Connection, number: str) -> DocumentRow:
    """Return the finished document of a number, for anybody who checks one.

    Raises:
        NotFound: no document has this number.
    """
    query = select(*_COLUMNS).where(document.c.number == number, document.c.sha256.is_not(None))
    row = conn.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"No document has the number {number}")
    return DocumentRow(*row)
