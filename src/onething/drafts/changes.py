"""Write drafts.

A draft is saved by the page that has its newest version. Another one is refused, so that of two
tabs or devices none overwrites silently what the other wrote.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from onething.db import write
from onething.drafts.models import draft, draft_file
from onething.drafts.queries import DraftRow
from onething.errors import Conflict

_DROP_OF = delete(draft).where(draft.c.subject == bindparam("subject"))
_DROP_ALL = delete(draft).where(
    draft.c.user == bindparam("user"), draft.c.subject == bindparam("subject")
)


def save(conn: Connection, row: DraftRow, files: Iterable[str] = ()) -> None:
    """Write what a page has: a new draft at version 1, else the one that it is based on.

    The page that saved last is taken at any version: it may not have heard the answer.

    Args:
        conn: The command's connection.
        row: The draft.
        files: Names of the contents that it keeps.

    Raises:
        Conflict: Somebody else wrote since, or the draft is gone.
    """
    if row.version == 1 and _is_free(conn, row):
        _insert(conn, row, files)
        return
    one = draft.c
    query = update(draft).where(
        one.user == row.user,
        one.subject == row.subject,
        one.kind == row.kind,
        one.draft_id == row.draft_id,
        one.expires_at > row.updated_at,
        or_(one.version == row.version - 1, one.page == row.page),
    )
    values = {
        "version": one.version + 1,
        "page": row.page,
        "answers": row.answers,
        "updated_at": row.updated_at,
        "expires_at": row.expires_at,
    }
    if conn.execute(query.values(values)).rowcount != 1:
        raise Conflict
    conn.execute(delete(draft_file).where(*_of(draft_file, row.user, row.subject, row.kind)))
    _keep(conn, row, files)


def put(conn: Connection, row: DraftRow, files: Iterable[str] = ()) -> None:
    """Write a draft, and the names of the contents that it keeps, in the place of another one."""
    drop(conn, row.user, row.subject, row.kind)
    _insert(conn, row, files)


def give_code(conn: Connection, row: DraftRow, code: str, until: datetime) -> None:
    """Let a draft be found by a code, given as its digest; an earlier one finds nothing more."""
    query = update(draft).where(*_of(draft, row.user, row.subject, row.kind))
    conn.execute(query.values(code=code, code_until=until))


def drop(conn: Connection, user: str, subject: str, kind: str) -> None:
    """Delete a person's draft of a subject and kind, if there is one."""
    conn.execute(delete(draft).where(*_of(draft, user, subject, kind)))


def drop_all(conn: Connection, user: str, subject: str) -> None:
    """Delete a person's drafts of a subject, with the other writes of the command."""
    write(conn, _DROP_ALL, [{"user": user, "subject": subject}])


def drop_of(conn: Connection, subjects: Sequence[str]) -> None:
    """Delete everybody's drafts of subjects, with the other writes of the command."""
    if subjects:
        write(conn, _DROP_OF, [{"subject": one} for one in subjects])


def drop_expired(conn: Connection, now: datetime) -> int:
    """Delete the drafts whose time is over; return how many."""
    return conn.execute(delete(draft).where(draft.c.expires_at <= now)).rowcount


def _is_free(conn: Connection, row: DraftRow) -> bool:
    """Whether a draft's place is free; one that is over makes room."""
    mine = _of(draft, row.user, row.subject, row.kind)
    conn.execute(delete(draft).where(*mine, draft.c.expires_at <= row.updated_at))
    return conn.execute(select(draft.c.draft_id).where(*mine)).first() is None


def _of(table: Table, user: str, subject: str, kind: str) -> tuple[ColumnElement[bool], ...]:
    return table.c.user == user, table.c.subject == subject, table.c.kind == kind


def _insert(conn: Connection, row: DraftRow, files: Iterable[str]) -> None:
    conn.execute(insert(draft), _values(row))
    _keep(conn, row, files)


def _keep(conn: Connection, row: DraftRow, files: Iterable[str]) -> None:
    whose = {"user": row.user, "subject": row.subject, "kind": row.kind}
    rows = [{**whose, "sha256": name} for name in sorted(set(files))]
    if rows:
        conn.execute(insert(draft_file), rows)


def _values(row: DraftRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__slots__}
