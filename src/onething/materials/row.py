"""One material of a case."""

from dataclasses import dataclass
from datetime import datetime

TRUSTS = ("A", "B", "C", "D")
"""国办函〔2016〕108号: A issued with e-seal, B checked once at a window, C uploaded by the
citizen (a clerk must see the original), D self-made with a promise."""

SOURCES = ("SHARE", "CERT", "PROMISE", "UPLOAD", "PAPER", "SYSTEM")
"""How a material came: report §1.8."""

BY_HAND = ("UPLOAD", "PAPER", "PROMISE")
"""Sources for which a person had to do something."""

REASONS = ("no-answer", "not-found", "not-usable", "objected")
"""Why a material that departments share was uploaded: the department did not answer, knew no
such record, had it revoked or found it in conflict; or the person holds it to be wrong."""

STATES = ("given", "accepted", "rejected", "replaced")


_ID_LENGTH = 16


def id_of(sha256: str) -> str:
    """Return the id that a content has as a material of its case: the beginning of its hash."""
    return sha256[:_ID_LENGTH]


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A document that a case was given."""

    instance_id: str
    id: str
    kind: str | None
    """Id of the material in service.toml, or None where it answers to none."""
    item: str | None
    """Item it belongs to; None: the whole case."""
    name: str
    """Sealed in the table: a file's name may name people. The id, where it is unknown."""
    sha256: str
    size_bytes: int
    type: str
    """Media type, found from the bytes."""
    trust: str
    source: str
    given_by: str
    at: datetime
    state: str = "given"
    seen_by: str | None = None
    """Account of the clerk who compared it with the original."""
    seen_at: datetime | None = None
    reused_from: str | None = None
    """Number of the own case that it was first given to; used again with consent."""
    reason: str | None = None
    """Why it was uploaded though a department could share it: one of REASONS."""
