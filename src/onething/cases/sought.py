"""Finding cases by a part of their number or of their title.

PostgreSQL keeps an index of grams: every eight characters of a number and every two of a title
in a row. It needs no extension and finds names of two characters, which trigrams do not. SQLite,
whose sites are small, reads the cases.
"""

import re

from sqlalchemy import (
    DDL,
    ColumnElement,
    Text,
    bindparam,
    cast,
    event,
    false,
    func,
    or_,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from onething.cases.models import case

_WHOLE_NUMBER = re.compile(r"L[0-9]{22}[0-9X]")
_IN_MANY = re.compile(r"[0-9]{1,3}")
"""So few digits stand in so many numbers that the newest cases with them are found at once."""
_OF_NUMBER, _OF_TITLE = 8, 2
"""Characters of a gram, as the function in the database cuts them."""

_FUNCTION = """\
CREATE OR REPLACE FUNCTION case_grams(case_no text, title text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE COST 1000 AS $$
SELECT array_to_tsvector(ARRAY(
SELECT substr(case_no, at, 8) FROM generate_series(1, length(case_no)) AS at
UNION ALL SELECT substr(title, at, 2) FROM generate_series(1, length(title)) AS at))$$"""

event.listen(
    case,
    "before_create",
    DDL(_FUNCTION).execute_if(dialect="postgresql"),  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
)


def sought(text: str, dialect: str) -> ColumnElement[bool]:
    """Return what a case must be to be found: by its whole number, or a part of it or the title.

    Args:
        text: What was typed in.
        dialect: Name of the database's: `postgresql` or `sqlite`.
    """
    if _WHOLE_NUMBER.fullmatch(text):
        return case.c.case_no == text
    if "\0" in text:
        return false()
    if dialect != "postgresql" or _IN_MANY.fullmatch(text):
        in_number = case.c.case_no.contains(text, autoescape=True)
        return or_(in_number, case.c.title.contains(text, autoescape=True))
    # A literal, so that the plan suits this text: names of many go by date, of few by the index.
    grams = cast(bindparam("grams", _grams(text), Text, literal_execute=True), TSQUERY)
    found = func.case_grams(case.c.case_no, case.c.title).bool_op("@@")(grams)
    # Grams may stand apart, and take longer to cut than to look. `strpos` is no LIKE, whose rarity
    # the planner would reckon with twice.
    return found & or_(*(func.strpos(one, text) > 0 for one in (case.c.case_no, case.c.title)))


def _grams(text: str) -> str:
    """Return the tsquery that every number and title with a text in it answers."""
    return f"({_all_of(text, _OF_NUMBER)}) | ({_all_of(text, _OF_TITLE)})"


def _all_of(text: str, size: int) -> str:
    """Return the tsquery for all grams of a text; a shorter text is how a gram begins."""
    if len(text) < size:
        return f"{_quoted(text)}:*"
    starts = range(len(text) - size + 1)
    return " & ".join(dict.fromkeys(_quoted(text[at : at + size]) for at in starts))


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
