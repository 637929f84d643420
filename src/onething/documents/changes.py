"""Issue documents: reserve a number, draw outside the transaction, finish.

Drawing takes a good part of a second; a transaction that waited for it would hold up everyone.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, insert, text, update

from onething.documents.models import document
from onething.documents.queries import find, get
from onething.documents.row import DocumentRow, Drawn, Issue, Reservation
from onething.errors import InvalidInput
from onething.feel import Environment

T = TypeVar("T")

_NEXT = text(
    "INSERT INTO document_number (prefix, year, last) VALUES (:prefix, :year, 1) "
    "ON CONFLICT (prefix, year) DO UPDATE SET last = document_number.last + 1 RETURNING last"
)


class ContentStore(Protocol):
    """Where bytes are kept by what they hold."""

    def put(self, content: bytes) -> str:
        """Keep a content and return its name."""


class Write(Protocol):
    """Runs a function in one transaction, as `Database.write` does."""

    def __call__(self, fn: Callable[[Connection], T], /) -> T:
        """Run and commit."""


def reserve(conn: Connection, wanted: Reservation) -> DocumentRow:
    """Give a document its number; the same id is given the same one again.

    Raises:
        InvalidInput: the template has no prefix: it is that of a notice.
    """
    if not wanted.template.prefix:
        raise InvalidInput(f"The template {wanted.template.id} is no document: it has no prefix")
    existing = find(conn, wanted.instance_id, wanted.id)
    if existing is not None:
        return existing
    row = DocumentRow(
        instance_id=wanted.instance_id,
        id=wanted.id,
        number=_draw_number(conn, wanted),
        template=wanted.template.id,
        title=wanted.template.title,
        item=wanted.item,
        to=wanted.to,
        at=wanted.at,
        sha256=None,
        size_bytes=None,
        check_code=None,
    )
    conn.execute(insert(document).values(**asdict(row)))
    return row


def finish(conn: Connection, row: DocumentRow, sha256: str, drawn: Drawn) -> DocumentRow:
    """Record where a reserved document's PDF lies; a finished one stays as it is."""
    conn.execute(
        update(document)
        .where(
            document.c.instance_id == row.instance_id,
            document.c.id == row.id,
            document.c.sha256.is_(None),
        )
        .values(sha256=sha256, size_bytes=len(drawn.content), check_code=drawn.check_code)
    )
    return get(conn, row.instance_id, row.id)


def withdraw(conn: Connection, row: DocumentRow, at: datetime) -> None:
    """Let a document stand no more."""
    conn.execute(
        update(document)
        .where(document.c.instance_id == row.instance_id, document.c.id == row.id)
        .values(withdrawn_at=at)
    )


def issue(  # noqa: PLR0913 - a document, where it goes, and what it says
    write: Write,
    store: ContentStore,
    wanted: Reservation,
    data: Mapping[str, Any],
    env: Environment,
    verify_url: str = "",
) -> DocumentRow:
    """Issue a document in two short transactions; repeated, it gives the first one's row.

    Args:
        write: runs a function in one transaction.
        store: keeps the PDF.
        wanted: template and the document's own identity.
        data: what the template's FEEL sees.
        env: the present instant, in the legal time zone.
        verify_url: page where the QR code leads, with number and check code behind it.
    """
    # Loaded here: a fifth of every process's start goes into what sets and cuts fonts.
    from onething.documents.drawing import draw  # noqa: PLC0415

    row = write(lambda conn: reserve(conn, wanted))
    if row.sha256 is not None:
        return row
    known = Issue(row.number, wanted.issued_on, wanted.case_no, verify_url)
    drawn = draw(wanted.template, data, known, env)
    name = store.put(drawn.content)
    return write(lambda conn: finish(conn, row, name, drawn))


def _draw_number(conn: Connection, wanted: Reservation) -> str:
    """Draw the next number of a prefix in a year, such as 东民婚〔2026〕000001号."""
    prefix, year = wanted.template.prefix, wanted.issued_on.year
    serial = conn.execute(_NEXT, {"prefix": prefix, "year": year}).scalar_one()
    return f"{prefix}〔{year}〕{serial:06d}号"
