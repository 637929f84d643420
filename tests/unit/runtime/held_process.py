"""Processes around a completion that its clerk may still undo.

Run as `python -m unit.runtime.held_process press FOLDER TASK` it sends the completion, says so,
and waits to be killed. With `effect FOLDER` processes let it take effect and die at some places.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from onething import runtime
from onething.forms import Posted
from onething.now import FakeClock
from onething.runtime import Host
from onething.settings import Settings
from unit.dying import die_at_places
from unit.runtime.node import CLERK

SECONDS = 10
PLACES = 4
LONG_AGO = datetime(2025, 9, 29, 1, tzinfo=UTC)
"""A Monday morning; over for a process that tells the time truly."""
ANSWERS = Posted({"check.finding": ["属实"]})
KEY, HELD = "pressed-once", "held"


def opened(folder: Path, after_s: int = 0) -> Host:
    """Return a host on a data folder, so many seconds after the clerk has pressed."""
    clock = FakeClock(LONG_AGO + timedelta(seconds=after_s))
    return runtime.open_host(Settings(data_dir=folder, undo_seconds=SECONDS), clock=clock)


def press(folder: str, task_id: str) -> None:
    """Complete the task so that it may be undone, and wait for the end."""
    runtime.hold_completion(opened(Path(folder)), CLERK, task_id, ANSWERS, key=KEY)
    sys.stdout.write(f"{HELD}\n")
    sys.stdout.flush()
    sys.stdin.read()


def effect(folder: str) -> None:
    """Let it take effect, and die of it."""
    die_at_places(
        Path(folder), lambda copy: opened(copy, after_s=SECONDS), runtime.settle_due, PLACES
    )


if __name__ == "__main__":
    {"press": press, "effect": effect}[sys.argv[1]](*sys.argv[2:])
