"""Filters that clerks keep under names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from onething.errors import NotFound
from onething.tasks.models import saved_filter

_C = saved_filter.c


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """One kept filter."""

    filter_id: str
    user: str
    """Whose it is: nobody else may change it."""
    department: str
    post: str
    name: str
    wanted: list[list[str]]
    """Names and values of the page's parameters, in order."""
    is_shared: bool
    """The colleagues of the post see it."""
    is_default: bool
    """Its owner's queue opens with it."""
    created_at: datetime
    updated_at: datetime


def filters_of(conn: Connection, user: str, department: str, post: str) -> list[SavedFilter]:
    """Return the filters that a person sees at a post: the own ones first, then shared ones."""
    query = select(saved_filter).where(
        _C.department == department, _C.post == post, or_(_C.user == user, _C.is_shared == 1)
    )
    found = [_row(one) for one in conn.execute(query)]
    return sorted(found, key=lambda one: (one.user != user, one.created_at, one.filter_id))


def get_filter(
    conn: Connection, filter_id: str, user: str, department: str, post: str
) -> SavedFilter:
    """Return one of the filters that a person sees at a post; raise NotFound for another."""
    for one in filters_of(conn, user, department, post):
        if one.filter_id == filter_id:
            return one
    raise NotFound("No such filter")


def add_filter(conn: Connection, row: SavedFilter) -> None:
    """Keep a new filter."""
    conn.execute(insert(saved_filter), _values(row))


def change_filter(conn: Connection, row: SavedFilter) -> None:
    """Write what a filter is now; as a default it takes the place of the one before."""
    if row.is_default:
        others = (_C.user == row.user, _C.department == row.department, _C.post == row.post)
        conn.execute(update(saved_filter).where(*others).values(is_default=0))
    one = _C.filter_id == row.filter_id
    conn.execute(update(saved_filter).where(one).values(_values(row)))


def drop_filter(conn: Connection, filter_id: str) -> None:
    """Delete a filter."""
    conn.execute(delete(saved_filter).where(_C.filter_id == filter_id))


def _row(row: Row[Any]) -> SavedFilter:
    values = row._asdict()
    flags = {name: bool(values[name]) for name in ("is_shared", "is_default")}
    return SavedFilter(**(values | flags))


def _values(row: SavedFilter) -> dict[str, object]:
    found = {name: getattr(row, name) for name in row.__slots__}
    return found | {"is_shared": int(row.is_shared), "is_default": int(row.is_default)}
