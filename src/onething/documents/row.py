"""One document of a case."""

from dataclasses import dataclass
from datetime import date, datetime

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
