"""The one place that reads the wall clock.

Everything else receives the time as a value, so that a step can be replayed and a test
can move the clock.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]
"""Answers the present instant: an aware datetime in UTC."""


def system_clock() -> datetime:
    """Return the present instant of this machine, aware, in UTC."""
    return datetime.now(UTC)


class FakeClock:
    """A clock that stands still until it is moved: for scenarios and tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def __call__(self) -> datetime:
        """Return the instant the clock was set to, in UTC."""
        return self._at

    def advance(self, by: timedelta) -> None:
        """Move the clock forward; raise ValueError for a step back."""
        if by < timedelta(0):
            raise ValueError(f"a fake clock only moves forward, not by {by}")
        self._at += by

    def move_to(self, at: datetime) -> None:
        """Move the clock to a later instant; raise ValueError for an earlier one."""
        self.advance(at.astimezone(UTC) - self._at)


class ShiftedClock:
    """The machine's clock, moved ahead by the seconds that a file holds: for demonstrations.

    The file is read at every call, so that a running demonstration can jump over a notice
    period; a file that is missing or holds no number shifts nothing.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        """Return the shifted instant, in UTC."""
        try:
            ahead = float(self._file.read_text("ascii"))
        except (OSError, ValueError):
            ahead = 0.0
        return system_clock() + timedelta(seconds=max(ahead, 0.0))
