"""Copies of an embedded database, taken while it serves."""

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from onething.db.database import Database
from onething.errors import Conflict, InvalidInput

_MARK = "event"
"""A database of onething has at least the table of its history."""


def backup(database: Database, file: Path) -> None:
    """Write a consistent copy of the database to a file; readers and writers go on.

    The copy holds personal values only as ciphertext: back `master.key` up apart from it.

    Raises:
        InvalidInput: The database is not SQLite; PostgreSQL has its own tools.
    """
    source = _path(database)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(draft)) as new:
            old.backup(new)
        with draft.open("rb") as handle:
            os.fsync(handle.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def restore(database: Database, file: Path, *, overwrite: bool = False) -> None:
    """Replace the database's content by a copy that `backup` wrote.

    Raises:
        InvalidInput: The file is no whole copy of a database of onething.
        Conflict: The database holds data already and `overwrite` is not set.
    """
    target = _path(database)
    _check(file)
    if not overwrite and _has_events(target):
        raise Conflict(f"{target} holds cases already; say that it is to be overwritten")
    source = f"{file.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(source, uri=True)) as old,
        closing(sqlite3.connect(target, timeout=10)) as new,
    ):
        old.backup(new)


def _path(database: Database) -> Path:
    if not database.is_sqlite or not database.url.database:
        raise InvalidInput("Only an SQLite database is copied this way; use pg_dump")
    return Path(database.url.database)


def _check(file: Path) -> None:
    if not file.is_file():
        raise InvalidInput(f"There is no file {file}")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
            known = copy.execute(
                "SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", (_MARK,)
            ).fetchone()
    except sqlite3.DatabaseError:
        sound, known = False, None
    if not sound or known is None:
        raise InvalidInput(f"{file} is no whole copy of a database of onething")


def _has_events(target: Path) -> bool:
    if not target.exists():
        return False
    with closing(sqlite3.connect(target)) as conn:
        try:
            return conn.execute("SELECT 1 FROM event LIMIT 1").fetchone() is not None
        except sqlite3.OperationalError:
            return False
