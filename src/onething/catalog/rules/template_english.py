"""Notices and documents are written in English, too.

Whoever reads in English is told in English what a notice says; the document itself stays Chinese.
Each Chinese paragraph has its English one, a remedy its remedy.

Source: design §10: Chinese first, English complete.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True
_FILE = "texts/documents.toml"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield each template of which a paragraph or the remedy has no English one, or no Chinese."""
    for one in subject.templates.values():
        chinese, english = len(one.paragraphs), len(one.paragraphs_en)
        if chinese != english:
            message = f"{chinese} Chinese paragraphs have {english} English ones"
            yield Fault(_FILE, one.id, message, "Write as many in paragraphs_en (or body_en).")
        if bool(one.remedy) != bool(one.remedy_en):
            message = "the remedy stands in one language alone"
            yield Fault(_FILE, one.id, message, "Write remedy and remedy_en.")
