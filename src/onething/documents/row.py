"""One document of a case."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from onething.documents.templates import Template


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that a case issued."""

    instance_id: str
    id: str
    number: str
    template: str
    title: str
    item: str | None
    """Item it belongs to; None: the whole case."""
    to: str | None
    """Whom it is for: `applicant`, `agent`, or a party of the case."""
    at: datetime
    sha256: str | None
    """Name of the PDF in the content store; None until it is drawn."""
    size_bytes: int | None
    check_code: str | None
    withdrawn_at: datetime | None = None
    """Since when it stands no more."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a document needs to get its number."""

    instance_id: str
    id: str
    """Drawn from the job that issues it, so that a repeated job finds its document again."""
    template: Template
    at: datetime
    issued_on: date
    """The legal day; its year stands in the number."""
    item: str | None = None
    to: str | None = None
    case_no: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """What one document has beside its template and data."""

    number: str
    issued_on: date
    """The legal day."""
    case_no: str = ""
    verify_url: str = ""
    """The page where anybody may check the document; empty: the code in its corner leads nowhere
    and holds number and check code alone."""

    def qr_text(self, code: str) -> str:
        """Return what the QR code holds, given the document's check code."""
        if not self.verify_url:
            return f"{self.number} {code}"
        return f"{self.verify_url}?{urlencode({'number': self.number, 'code': code})}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document as drawn."""

    content: bytes
    check_code: str
    """Short hash over what the document says; printed in its footer."""
