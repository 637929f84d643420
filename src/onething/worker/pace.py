"""How often the queue of jobs is looked into: often while jobs come, seldom while none do."""

import time
from collections.abc import Callable

SELDOM_S = 0.25
OFTEN_S = 0.05
"""A job that a free worker takes waits half of it; more often, looking itself costs the pace."""
_QUIET_S = 2.0
_RENEWED_S = 1.0


class Pace:
    """Says when to look more often or less.

    All workers keep to one interval, which stands in the database: whoever hands jobs over sets
    it, once a second at most, and sets it back when it has handed none over for a while.

    Args:
        set_interval: Sets the seconds between two looks, for all workers.
        monotonic: Measures time.
    """

    def __init__(
        self,
        set_interval: Callable[[float], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._set_interval = set_interval
        self._monotonic = monotonic
        self._busy_at = 0.0
        self._set_at: float | None = None

    def note(self, handed: int) -> None:
        """Note that so many jobs were handed over just now, or none."""
        now = self._monotonic()
        if handed:
            self._busy_at = now
            if self._set_at is None or now - self._set_at >= _RENEWED_S:
                self._set_interval(OFTEN_S)
                self._set_at = now
        elif self._set_at is not None and now - self._busy_at >= _QUIET_S:
            self._set_interval(SELDOM_S)
            self._set_at = None
