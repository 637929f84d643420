"""The door to the database: read, write, create, copy."""

import os
import select
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError

from onething import tracing
from onething.db.link import Link, link_of
from onething.db.metadata import metadata
from onething.db.turnstile import Turnstile
from onething.db.writer import READ_ONLY, Pending, Writer, run_hooks, take_hooks
from onething.db.writes import send, send_before_reading
from onething.errors import SettingsError
from onething.feel.json import canonical, parse
from onething.settings import Settings

T = TypeVar("T")

BUSY_WAIT_S = 10.0
"""So long a write waits for another process before it gives up."""
_ATTEMPTS = 6
_TRY_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock: PostgreSQL asks for another try

_ALONE = 0x6F6E65
"""Key of the advisory lock under which a node prepares the database for itself and others."""
_WITHOUT_END = (
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; "
    "SET LOCAL idle_in_transaction_session_timeout = 0"
)


class Database:
    """One database by its SQLAlchemy URL.

    `sqlite://` without a path is a throw-away database in a temporary file, gone when it is
    closed: the same code runs, only the disk is never waited for.
    """

    def __init__(
        self, url: str, *, busy_wait_s: float = BUSY_WAIT_S, link: Link | None = None
    ) -> None:
        self._turnstile: Turnstile | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        parsed = _address(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        durable = True
        if self.is_sqlite and parsed.database in (None, "", ":memory:"):
            shared = "/dev/shm"  # noqa: S108 - a fresh folder of our own is made in it
            place = shared if os.access(shared, os.W_OK) else None
            self._folder = tempfile.TemporaryDirectory(prefix="onething-", dir=place)
            parsed = parsed.set(database=str(Path(self._folder.name, "onething.db")))
            durable = False
        self.url = parsed
        """The URL; its password is hidden when printed."""
        if self.is_sqlite:
            Path(self._path()).parent.mkdir(parents=True, exist_ok=True)
            self.engine = _sqlite_engine(parsed, "DEFERRED", busy_wait_s, durable=durable)
            self._write_engine = _sqlite_engine(parsed, "IMMEDIATE", busy_wait_s, durable=durable)
            self._turnstile = Turnstile(Path(self._path()), busy_wait_s) if durable else None
            self._writer = Writer(self._write_engine, self._turnstile)
        else:
            self.engine = self._write_engine = _engine(parsed, **(link or Link()).options())
            send_before_reading(self.engine)
            _leave_the_dead(self.engine)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Open the database of a site as its settings say."""
        return cls(settings.url, link=link_of(settings))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process of all do what the body does; the others wait for their turn.

        The lock belongs to an open transaction, so that it holds behind PgBouncer as well. An
        embedded database has one server anyway.
        """
        if self.is_sqlite:
            yield
            return
        with self._write_engine.begin() as conn:
            conn.exec_driver_sql(_WITHOUT_END)
            conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ALONE})")
            yield

    def another_engine(self, connections: int) -> Engine:
        """Return an engine on the same server with a pool of its own; the caller disposes of it."""
        return _engine(
            self.url, pool_pre_ping=True, pool_size=connections, max_overflow=connections
        )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one unchanging state and may not write."""
        with self.engine.connect() as conn:
            conn.execution_options(**{READ_ONLY: True})
            if not self.is_sqlite:
                conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield conn

    def write(self, command: Callable[[Connection], T]) -> T:
        """Run a command in one transaction and return its answer once it is on disk.

        Whatever the command raises is raised here, and nothing of it is written. On PostgreSQL
        the command runs again when the database asks for it, or when the connection breaks
        before the commit: it must not change anything else.
        """
        with tracing.span("database transaction"):
            if self.is_sqlite:
                return self._writer.submit(command).result()
            return self._transact(command)

    def submit(self, command: Callable[[Connection], T]) -> Pending[T]:
        """Queue a command and return at once; `result()` waits for its commit."""
        if self.is_sqlite:
            return self._writer.submit(command)
        pending = Pending[T](command)
        try:
            pending.keep(self._transact(command))
        except Exception as error:  # noqa: BLE001 - `result` raises it
            pending.fail(error)
        pending.answer()
        return pending

    def create(self) -> None:
        """Create the tables that are missing, as the code declares them."""
        with self._write_engine.begin() as conn:
            metadata.create_all(conn)

    def size_bytes(self) -> int:
        """Return the size of an SQLite database on disk, its log included."""
        names = [self._path(), f"{self._path()}-wal"]
        return sum(Path(name).stat().st_size for name in names if Path(name).exists())

    def close(self) -> None:
        """Finish queued writes and let every connection go."""
        if self.is_sqlite:
            self._writer.stop()
        self.engine.dispose()
        self._write_engine.dispose()
        if self._turnstile is not None:
            self._turnstile.close()
        if self._folder is not None:
            self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _path(self) -> str:
        return self.url.database or ""

    def _transact(self, command: Callable[[Connection], T]) -> T:
        for attempt in range(_ATTEMPTS):
            with self._write_engine.connect() as conn:
                may_repeat = True
                try:
                    with conn.begin():
                        answer = command(conn)
                        send(conn)
                        # Once a commit was asked for, nobody knows what became of it.
                        may_repeat = False
                except DBAPIError as error:
                    take_hooks(conn)
                    lost = error.connection_invalidated and may_repeat
                    if not (lost or _asks_again(error)) or attempt == _ATTEMPTS - 1:
                        raise
                except BaseException:
                    take_hooks(conn)
                    raise
                else:
                    run_hooks(conn)
                    return answer
            time.sleep(0.005 * 2**attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")


def _address(text: str) -> URL:
    """Read a database's URL; PostgreSQL is spoken to by psycopg whatever the URL says."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise SettingsError("database_url is no URL: postgresql://USER@HOST/NAME") from None
    kind = url.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise SettingsError(f"database_url names sqlite or postgresql, not {kind}")
    return url.set(drivername="postgresql+psycopg") if kind == "postgresql" else url


def _asks_again(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _TRY_AGAIN


def _leave_the_dead(engine: Engine) -> None:
    """Take no connection from the pool that the server has closed, after a restart say.

    A server that has gone or said farewell leaves something to read, and it says nothing
    unasked otherwise. Looking costs a microsecond; asking, as a ping does, costs a trip.
    """

    @event.listens_for(engine, "checkout")
    def look(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - the driver's
        asked = select.poll()
        asked.register(connection.fileno(), select.POLLIN)
        if asked.poll(0):
            raise DisconnectionError


def _engine(url: URL, **options: Any) -> Engine:  # noqa: ANN401 - passed on to SQLAlchemy
    return create_engine(
        url,
        hide_parameters=True,  # parameters hold personal values, errors are logged
        json_serializer=lambda value: canonical(value).decode(),
        json_deserializer=parse,
        **options,
    )


def _sqlite_engine(url: URL, mode: str, busy_wait_s: float, *, durable: bool) -> Engine:
    """Make an engine whose transactions begin as told: DEFERRED reads, IMMEDIATE writes."""
    engine = _engine(
        url,
        pool_size=16,
        max_overflow=64,
        connect_args={"timeout": busy_wait_s, "isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        if mode == "DEFERRED":
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        conn.exec_driver_sql(f"BEGIN {mode}")

    return engine
