"""The one writer of an SQLite database within a process.

SQLite lets one connection write at a time and its busy wait is unfair: under four writers
some wait for seconds. Here the commands of all threads queue up for one thread. It runs
each in a savepoint of its own and commits what was waiting together, so that one flush to
disk serves many. A command is answered after the commit that holds it.
"""

import contextvars
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, Engine

from onething.db.turnstile import Turnstile

T = TypeVar("T")
_log = logging.getLogger(__name__)

COMMANDS_PER_COMMIT = 64
"""At most so many commands share a commit."""
SECONDS_PER_COMMIT = 0.01
"""A batch older than this takes no further command: the first one waits for its answer."""

_HOOKS = "onething.after_commit"
READ_ONLY = "onething_read_only"
"""Execution option of the connections that `Database.read` gives."""


class Pending(Generic[T]):
    """The answer to a command that may still be under way."""

    __slots__ = ("_call", "_done", "_error", "_value")

    def __init__(self, call: Callable[[Connection], T]) -> None:
        self._call = call
        self._done = threading.Event()
        self._value: T | None = None
        self._error: BaseException | None = None

    def result(self, timeout_s: float | None = None) -> T:
        """Wait for the commit and return the command's answer, or raise its error.

        Raises:
            TimeoutError: The answer did not come in time; the command may still commit.
        """
        if not self._done.wait(timeout_s):
            raise TimeoutError
        if self._error is not None:
            raise self._error
        return cast("T", self._value)

    def run(self, conn: Connection) -> None:
        """Run the command; the writer calls this."""
        self.keep(self._call(conn))

    def keep(self, value: T) -> None:
        """Let `result` return this value."""
        self._value = value

    def fail(self, error: BaseException) -> None:
        """Let `result` raise this error."""
        self._error = error

    def answer(self) -> None:
        """Let `result` return: the commit is on disk, or has failed."""
        self._done.set()


def after_commit(conn: Connection, hook: Callable[[], None]) -> None:
    """Call the hook once the running command is committed; never when it fails.

    Hooks run in the writing thread before the caller gets its answer: keep them short. What
    a hook raises is logged and harms nobody. Where nothing can be written it runs at once.
    """
    if conn.get_execution_options().get(READ_ONLY):
        hook()
        return
    conn.info.setdefault(_HOOKS, []).append(hook)


def run_hooks(conn: Connection) -> None:
    """Call what `after_commit` collected on this connection, and forget it."""
    for hook in take_hooks(conn):
        try:
            hook()
        except Exception:  # noqa: BLE001 - the commit stands, whatever the hook does
            _log.exception("A hook failed after its commit")


def take_hooks(conn: Connection, keep: int = 0) -> list[Callable[[], None]]:
    """Remove and return the hooks behind the first `keep`; a broken connection has none."""
    if conn.invalidated:
        return []
    hooks: list[Callable[[], None]] = conn.info.get(_HOOKS, [])
    taken = hooks[keep:]
    del hooks[keep:]
    return taken


class Writer:
    """A queue of commands and the thread that commits them in turn."""

    def __init__(self, engine: Engine, turnstile: Turnstile | None) -> None:
        self._engine = engine
        self._turn = turnstile.turn if turnstile is not None else nullcontext
        self._queue: deque[Pending[Any]] = deque()
        self._arrived = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopped = False

    def submit(self, call: Callable[[Connection], T]) -> Pending[T]:
        """Queue a command; it runs in the context variables of the caller.

        Raises:
            RuntimeError: The database was closed, or a command tried to submit another one.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("a command may not write through the writer: use its connection")
        context = contextvars.copy_context()
        pending = Pending[T](lambda conn: context.run(call, conn))
        with self._arrived:
            if self._stopped:
                raise RuntimeError("the database is closed")
            self._queue.append(pending)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
                self._thread.start()
            self._arrived.notify()
        return pending

    def stop(self) -> None:
        """Commit what is queued, then end the thread."""
        with self._arrived:
            self._stopped = True
            self._arrived.notify()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while self._wait():
            batch: list[Pending[Any]] = []
            try:
                with self._engine.connect() as conn:
                    self._serve(conn, batch)
            except BaseException as error:  # noqa: BLE001 - the callers raise it, the thread lives
                self._give_up(batch, error)

    def _wait(self) -> bool:
        with self._arrived:
            while not self._queue and not self._stopped:
                self._arrived.wait()
            return bool(self._queue)

    def _serve(self, conn: Connection, batch: list[Pending[Any]]) -> None:
        """Commit batch after batch on one connection for as long as commands come."""
        while self._wait():
            batch.clear()
            try:
                with self._turn(), conn.begin():
                    self._run_batch(conn, batch)
            except BaseException:
                take_hooks(conn)
                raise
            run_hooks(conn)
            for pending in batch:
                pending.answer()

    def _run_batch(self, conn: Connection, batch: list[Pending[Any]]) -> None:
        until = time.monotonic() + SECONDS_PER_COMMIT
        while self._queue and len(batch) < COMMANDS_PER_COMMIT:
            pending = self._queue.popleft()
            batch.append(pending)
            self._run_one(conn, pending)
            if time.monotonic() > until:
                return

    def _run_one(self, conn: Connection, pending: Pending[Any]) -> None:
        driver: Any = conn.connection.driver_connection
        hooks = len(conn.info.get(_HOOKS, ()))
        driver.execute("SAVEPOINT command")
        try:
            pending.run(conn)
        except BaseException as error:
            if not driver.in_transaction:
                # SQLite gave the whole batch up (disk full, out of memory).
                raise
            driver.execute("ROLLBACK TO command")
            take_hooks(conn, keep=hooks)
            pending.fail(error)
        driver.execute("RELEASE command")

    def _give_up(self, batch: list[Pending[Any]], error: BaseException) -> None:
        """Answer the batch with an error: nothing of it was committed."""
        if not batch:
            # Not even a connection or the lock came: who waits first learns why.
            with self._arrived:
                if self._queue:
                    batch.append(self._queue.popleft())
        for pending in batch:
            pending.fail(error)
            pending.answer()
