"""Processes that write to one SQLite file take turns.

SQLite's own wait is a poll: a process that commits without pause starves the others for a
second and more. Here whoever waits holds the queue, and whoever has written must pass the
queue again: between two processes writes alternate. The kernel frees the locks of a process
that dies.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_POLL_S = 0.0005


class Turnstile:
    """Two lock files beside the database: the queue and the turn."""

    def __init__(self, database: Path, wait_s: float) -> None:
        self._wait_s = wait_s
        self._queue, self._turn = (
            os.open(f"{database}-{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            for name in ("queue", "turn")
        )

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn; other processes wait.

        Raises:
            TimeoutError: Another process did not give the turn back in time.
        """
        until = time.monotonic() + self._wait_s
        with _held(self._queue, until):
            _take(self._turn, until)
        try:
            yield
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the lock files; they stay on disk, empty."""
        os.close(self._queue)
        os.close(self._turn)


@contextmanager
def _held(lock: int, until: float) -> Iterator[None]:
    _take(lock, until)
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)


def _take(lock: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TimeoutError("the database is locked: another process is writing") from None
            time.sleep(_POLL_S)
        else:
            return
