"""Documents: numbered PDFs that a case issues, drawn from templates of its package.

`templates` reads a package's templates, `issue` gives a document its number, draws it and
records it; `documents.drawing`, which loads what handles fonts, alone is pure.
"""

from onething.documents.changes import finish, issue, reserve, withdraw
from onething.documents.queries import (
    by_number,
    find,
    get,
    numbers_of,
    of_case,
    withdrawn_content,
)
from onething.documents.row import DocumentRow, Drawn, Issue, Reservation
from onething.documents.templates import Template, template_of, templates
from onething.documents.texts import day

__all__ = [
    "DocumentRow",
    "Drawn",
    "Issue",
    "Reservation",
    "Template",
    "by_number",
    "day",
    "find",
    "finish",
    "get",
    "issue",
    "numbers_of",
    "of_case",
    "reserve",
    "template_of",
    "templates",
    "withdraw",
    "withdrawn_content",
]
