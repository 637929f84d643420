"""How fast calls may follow each other."""

import threading
import time
from collections.abc import Callable


class Pace:
    """Space calls of one key evenly; safe for use from several threads.

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
            turn = max(now, self._next.get(key, now))
            if turn - now > at_most_s:
                return False
            self._next[key] = turn + 1 / per_second
        if turn > now:
            self._pause(turn - now)
        return True
