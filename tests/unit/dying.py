"""Let processes die before the statements that they give to their database.

A child is forked for each place, so that what takes long is imported once. It is killed as by a
power cut: no handler runs. Each acts on a copy of the same data folder.
"""

import os
import shutil
import signal
import sqlite3
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from sqlalchemy import event
from sqlalchemy.pool import Pool

from onething.runtime import Host

WHOLE = "whole"
"""Name of the folder whose process was left alive."""
_COUNT = "statements"


class Death:
    """Kills the own process before a statement; counts them while it is watching."""

    def __init__(self, place: int | None) -> None:
        self.place = place
        self.count = 0
        self.is_watching = False
        event.listen(Pool, "connect", self._connected)

    def _connected(self, connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(self._told)

    def _told(self, _statement: str) -> None:
        self.count += self.is_watching
        if self.is_watching and self.count == self.place:
            die()


def die() -> NoReturn:
    """Kill the own process: it cannot do anything about it."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def die_at_places(
    origin: Path, opened: Callable[[Path], Host], command: Callable[[Host], object], most: int
) -> None:
    """Run a command on copies of a folder: once whole, then killed at about `most` places.

    Among them are the first statement, the last three, and the end, when all is written and
    nobody was told yet. The copies lie beside the folder, named by their place.
    """
    whole = _run(origin, WHOLE, opened, command, None)
    count = int((whole / _COUNT).read_text())
    places = {*range(1, count, max(1, count // most)), *range(count - 2, count + 2)}
    for place in sorted(places):
        _run(origin, f"{place:03d}", opened, command, place)


def _run(
    origin: Path,
    name: str,
    opened: Callable[[Path], Host],
    command: Callable[[Host], object],
    place: int | None,
) -> Path:
    folder = origin.parent / name
    shutil.copytree(origin, folder)
    child = os.fork()
    if child == 0:
        _act(folder, opened, command, place)
    _pid, status = os.waitpid(child, 0)
    wanted = 0 if place is None else -signal.SIGKILL
    assert os.waitstatus_to_exitcode(status) == wanted, f"{name}: {status}"
    return folder


def _act(
    folder: Path,
    opened: Callable[[Path], Host],
    command: Callable[[Host], object],
    place: int | None,
) -> NoReturn:
    death = Death(place)
    try:
        host = opened(folder)
        death.is_watching = True
        command(host)
        death.is_watching = False
        (folder / _COUNT).write_text(str(death.count))
    except BaseException:  # noqa: BLE001 - a child must not go on as its parent
        traceback.print_exc()
        os._exit(1)
    if place is None:
        os._exit(0)
    die()
