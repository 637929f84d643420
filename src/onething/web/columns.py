"""How a person wants to see the queue, columns and rows: kept until the session ends."""

from collections.abc import Sequence

from flask import session
from flask_babel import lazy_gettext as later

_COLUMNS = {
    "due": later("期限"),
    "case": later("办件"),
    "item": later("事项"),
    "holder": later("承办人"),
    "opened": later("收到时间"),
    "submitted": later("提交时间"),
}
"""In the order in which they stand; the task itself always stands after the due date."""
_DEFAULT = ("due", "case", "holder", "opened")
ROWS = (25, 50, 100, 200)
"""Rows of a page that may be chosen; the first is the usual number."""


def column_texts() -> dict[str, str]:
    """Return what each column is called in the reader's language."""
    return {name: str(text) for name, text in _COLUMNS.items()}


def columns() -> tuple[str, ...]:
    """Return the columns that the person wants to see."""
    kept = session.get("columns")
    return tuple(one for one in _COLUMNS if one in (kept or _DEFAULT))


def choose_columns(names: Sequence[str]) -> None:
    """Show these columns from now on; none named brings back the usual ones."""
    wanted = [one for one in _COLUMNS if one in names]
    if wanted:
        session["columns"] = wanted
    else:
        session.pop("columns", None)


def rows() -> int:
    """Return how many rows of a page the person wants to see."""
    kept = session.get("rows")
    return kept if kept in ROWS else ROWS[0]


def choose_rows(number: str) -> None:
    """Show so many rows from now on; the usual number where it is none to choose."""
    session["rows"] = int(number) if number in map(str, ROWS) else ROWS[0]
