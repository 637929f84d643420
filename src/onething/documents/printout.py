"""What a page shows for paper: a receipt, a register, a case's sheet.

A printout has no number and is not kept: it says who printed it and when. What a case issues
are documents, which `documents.drawing` draws. `documents.print_out` draws it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a heading."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""
    """What stands there in place of no rows; nothing: the table is left out."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Whose seal goes where the printout ends, and what stands beside it."""

    authority: str
    name: str
    signed: tuple[str, ...]
    """Who gives the paper out, and when."""


@dataclass(frozen=True, slots=True)
class Printout:
    """What stands on a printout, in the reader's language."""

    title: str
    issuer: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    footer: tuple[str, str]
    page_label: str
    """Has `{}` where the page's number goes."""
    language: str = "zh"
    qr: str = ""
    qr_label: str = ""
    seal: Seal | None = None
    is_wide: bool = False
