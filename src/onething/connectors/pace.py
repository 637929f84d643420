"""How fast calls may follow each other."""

import threading
import time
from collections.abc import Callable

_AHEAD_S = 1.0
_TICK_S = 0.001


class Pace:
    """Let as many calls of one key through as a second allows; safe for several threads.

    Calls may come together as long as no more than a second's worth of them do.
    ``monotonic`` and ``pause`` measure and wait in seconds; tests give their own.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._pause = pause
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, key: str, per_second: float, at_most_s: float) -> bool:
        """Wait for this key's turn; tell False at once when it is further than ``at_most_s``."""
        with self._lock:
            now = self._monotonic()
            # An even flow with one call each 1/per_second; a call may come a second early.
            due = max(now, self._next.get(key, now))
            wait_s = due + 1 / per_second - now - max(_AHEAD_S, 1 / per_second)
            if wait_s > at_most_s:
                return False
            self._next[key] = due + 1 / per_second
        if wait_s > _TICK_S:
            self._pause(wait_s)
        return True
