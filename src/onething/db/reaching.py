"""Waiting for a database at the start, and what its refusals mean for whoever starts a node."""

import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from onething.db.database import Database
from onething.errors import (
    DatabaseUnavailable,
    OnethingError,
    StartDelayed,
    StartRefused,
)

_PAUSE_S = 0.5
_PORT = 5432
_CONNECT_WITHIN_S = 3.0
_PASSING = (
    "the database system is",  # starting up, shutting down, not yet accepting connections
    "too many",
    "remaining connection",
    "closed the connection",
    "closed unexpectedly",
    "connection reset",
    "connection is lost",
    "connection is closed",
    "could not receive data",
    "could not send data",
    "broken pipe",
    "timeout",
    "eof detected",
    "unexpected eof",
    "server login has been failing",  # a pooler whose server is gone
    "cannot connect to server",
)
"""Words of a server, balancer or pooler that will serve later, in lower case.

libpq gives no state with what it is told before a connection stands. A balancer takes connections
for a database that is down and closes them: that somebody listens proves nothing.
"""
_REFUSING = ("authentication failed", "does not exist", "no pg_hba.conf", "permission denied")
_STATES: dict[str, type[OnethingError]] = {
    "28": StartRefused,  # invalid authorization
    "3D": StartRefused,  # no such database
    "42": StartRefused,  # no right, or no such object
    "40": StartDelayed,  # another node was faster: serialization, deadlock
    "55": StartDelayed,  # another node holds the lock
    "58": StartDelayed,  # the server's disk fails
    "53": StartDelayed,  # disk full, out of memory, too many connections
    "57": DatabaseUnavailable,  # shutting down, starting up
    "08": DatabaseUnavailable,  # connection broken
    "25": DatabaseUnavailable,  # read-only: a standby before it takes over
}
_SQLITE: dict[str, tuple[type[OnethingError], str]] = {
    "not a database": (StartRefused, "put a copy back that `onething backup` wrote"),
    "malformed": (StartRefused, "put a copy back that `onething backup` wrote"),
    "readonly": (StartRefused, "let this user write the file and its folder"),
    "unable to open": (StartRefused, "let this user write the file and its folder"),
    "full": (StartDelayed, "make room on the disk"),
    "I/O error": (StartDelayed, "make room on the disk, or look for its faults"),
    "locked": (StartDelayed, "another process holds it; end it or wait"),
}


def reach(database: Database, wait_s: float) -> None:
    """Return when the database takes a connection and may be written.

    Args:
        database: Any; an embedded one is there or is not.
        wait_s: So long a server that is not there yet is waited for.

    Raises:
        StartRefused: It refuses this user, password or database; waiting does not help.
        DatabaseUnavailable: It was not there in time, or is a standby.
    """
    until = time.monotonic() + wait_s
    while (refusal := _refusal(database)) is not None:
        if not isinstance(refusal, DatabaseUnavailable) or time.monotonic() >= until:
            raise refusal
        time.sleep(_PAUSE_S)


def _refusal(database: Database) -> OnethingError | None:
    """Try once; return what stands against it."""
    url = database.url
    try:
        with database.read() as conn:
            conn.exec_driver_sql("SELECT 1")
            if not database.is_sqlite:
                is_standby = conn.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one()
                if is_standby:
                    told = "is a standby: check that database_url names the primary"
                    return DatabaseUnavailable(f"The database at {_place(url)} {told}")
    except DBAPIError as error:
        return meaning(error, url)
    return None


@contextmanager
def meaningful(url: URL) -> Iterator[None]:
    """Say what a database's refusal means for the start that it ended."""
    try:
        yield
    except DBAPIError as error:
        raise meaning(error, url) from error
    except (PoolTimeout, TimeoutError) as error:
        raise DatabaseUnavailable(f"The database at {_place(url)} does not answer") from error


def meaning(error: DBAPIError, url: URL) -> OnethingError:
    """Return what a database's error means for a start, with the place and what to do."""
    told = (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(told, url)
    place = _place(url)
    state = getattr(error.orig, "sqlstate", None)
    if state:
        kind = _STATES.get(state[:2], StartRefused)
        return kind(f"The database at {place} refuses: {told}{_remedy(state)}")
    if _is_passing(error):
        return DatabaseUnavailable(f"The database at {place} does not serve yet: {told}")
    if any(word in told for word in _REFUSING) or _is_there(url):
        return StartRefused(
            f"The database at {place} refuses: {told}; check user, password and name in "
            "database_url, and the server's pg_hba.conf"
        )
    return DatabaseUnavailable(
        f"The database at {place} is not reached: {told}; check database_url and that it runs"
    )


def _is_passing(error: DBAPIError) -> bool:
    whole = str(error.orig).lower()
    return error.connection_invalidated or any(word in whole for word in _PASSING)


def _place(url: URL) -> str:
    host = url.host or str(url.query.get("host", "this machine"))
    return f"{host}:{url.port or _PORT}"


def _of_sqlite(told: str, url: URL) -> OnethingError:
    for word, (kind, remedy) in _SQLITE.items():
        if word in told:
            return kind(f"{url.database}: {told}; {remedy}")
    return StartRefused(f"{url.database}: {told}")


def _remedy(state: str) -> str:
    if state == "42501":
        return "; the user must own the tables, or be granted CREATE on the schema"
    if state == "53100":
        return "; make room on the server's disk"
    if state == "25006":
        return "; it is a standby: check that database_url names the primary"
    return ""


def _is_there(url: URL) -> bool:
    """Whether somebody listens where the database should be."""
    folder = str(url.query.get("host", url.host or ""))
    port = int(url.port or str(url.query.get("port", _PORT)))
    try:
        if folder.startswith("/"):
            with socket.socket(socket.AF_UNIX) as there:
                there.settimeout(_CONNECT_WITHIN_S)
                there.connect(f"{folder}/.s.PGSQL.{port}")
        else:
            socket.create_connection((folder or "127.0.0.1", port), _CONNECT_WITHIN_S).close()
    except (OSError, ValueError):
        return False
    return True
