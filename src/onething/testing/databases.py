"""Databases that are gone with what used them: SQLite, or PostgreSQL where a server is named."""

import itertools
import os
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url, text

from onething.db import Database, metadata

SERVER = "ONETHING_TEST_SERVER"
"""Environment variable with the URL of a PostgreSQL server's maintenance database."""
_CHOOSES_STRATEGY = 150_000
"""Since this version PostgreSQL logs a copied database page by page unless told otherwise."""
_numbers = itertools.count(1)


def throwaway() -> Database:
    """Return a new database of its own; it is empty, and gone when it is closed."""
    server = os.environ.get(SERVER)
    return copied(server) if server else _Laid("sqlite://")


def copied(server: str) -> Database:
    """Return a new database with all tables on a PostgreSQL server; gone when it is closed."""
    return _Cloned(make_url(server))


class _Laid(Database):
    """An embedded database whose tables come as a file: making them anew takes far longer."""

    def create(self) -> None:
        """Lay the process's template where no file is yet; create the tables that lack."""
        path = Path(self._path())
        tables: frozenset[str] = frozenset()
        if not path.exists():
            content, tables = _file()
            path.write_bytes(content)
        if tables < frozenset(metadata.tables):
            super().create()


@cache
def _file() -> tuple[bytes, frozenset[str]]:
    """Return the file of an empty database with every table that is known by now; their names."""
    with tempfile.TemporaryDirectory(prefix="onething-") as folder:
        path = Path(folder, "template.db")
        with Database(f"sqlite:///{path}") as database:
            database.create()
        return path.read_bytes(), frozenset(metadata.tables)


class _Cloned(Database):
    """A copy of the process's template: making tables anew takes far longer."""

    def __init__(self, server: URL) -> None:
        self._server = server
        name = f"t{os.getpid()}_{next(_numbers)}"
        template, self._tables = _template(server)
        _run(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}" {_strategy(server)}')
        super().__init__(_address(server, name))

    def create(self) -> None:
        """Create the tables that the template lacks."""
        if self._tables < frozenset(metadata.tables):
            super().create()

    def close(self) -> None:
        """Let every connection go and drop the copy."""
        super().close()
        _run(self._server, f'DROP DATABASE IF EXISTS "{self.url.database}" WITH (FORCE)')


@cache
def _template(server: URL) -> tuple[str, frozenset[str]]:
    """Make the database that the others are copied from; return its name and its tables.

    It has every table that is known by then.
    """
    name = f"template{os.getpid()}"
    _run(server, f'CREATE DATABASE "{name}" TEMPLATE template0')
    with Database(_address(server, name)) as database:
        database.create()
    return name, frozenset(metadata.tables)


def _address(server: URL, name: str) -> str:
    return server.set(database=name).render_as_string(hide_password=False)


@cache
def _strategy(server: URL) -> str:
    """Return the words that let a server copy a database as files, without logging its pages."""
    with _maintenance(server).connect() as conn:
        version = int(conn.execute(text("SHOW server_version_num")).scalar_one())
    return "STRATEGY file_copy" if version >= _CHOOSES_STRATEGY else ""


def _run(server: URL, statement: str) -> None:
    with _maintenance(server).connect() as conn:
        conn.execute(text(statement))


@cache
def _maintenance(server: URL) -> Engine:
    """Return the way to a server's maintenance database; it lasts as long as the process."""
    return create_engine(server, isolation_level="AUTOCOMMIT")
