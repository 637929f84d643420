"""The terms of open cases: what their tasks are found by."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, insert, select

from onething import db
from onething.tasks.models import queue_term

_INSERT = insert(queue_term)
_DROP = delete(queue_term).where(queue_term.c.instance_id == bindparam("id"))


def add_terms(conn: Connection, instance_id: str, terms: Collection[int]) -> None:
    """Let the tasks of a case be found by these terms; it has none of them yet."""
    rows = [{"instance_id": instance_id, "term": one} for one in sorted(terms)]
    db.write(conn, _INSERT, rows)


def drop_terms(conn: Connection, instance_id: str) -> None:
    """Let the tasks of a case be found by no term any more."""
    db.write(conn, _DROP, [{"id": instance_id}])


def terms_of(conn: Connection, instance_id: str) -> set[int]:
    """Return the terms of a case."""
    query = select(queue_term.c.term).where(queue_term.c.instance_id == instance_id)
    return set(conn.scalars(query))
