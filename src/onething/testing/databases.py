"""Databases that are gone with what used them: SQLite, or PostgreSQL where a server is named."""

import itertools
import os
from functools import cache

from sqlalchemy import URL, create_engine, make_url, text

from onething.db import Database, metadata

SERVER = "ONETHING_TEST_SERVER"
"""Environment variable with the URL of a PostgreSQL server's maintenance database."""
_numbers = itertools.count(1)


def throwaway() -> Database:
    """Return a new database of its own; it is empty, and gone when it is closed."""
    server = os.environ.get(SERVER)
    return copied(server) if server else Database("sqlite://")


def copied(server: str) -> Database:
    """Return a new database with all tables on a PostgreSQL server; gone when it is closed."""
    return _Cloned(make_url(server))


class _Cloned(Database):
    """A copy of the process's template: making tables anew takes far longer."""

    def __init__(self, server: URL) -> None:
        self._server = server
        name = f"t{os.getpid()}_{next(_numbers)}"
        template, self._tables = _template(server)
        _run(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
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


def _run(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(statement))
    engine.dispose()
