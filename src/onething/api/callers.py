"""Who calls: the person behind a bearer token, remembered for a moment."""

import hashlib
import threading
from datetime import datetime, timedelta

from onething import identity
from onething.identity import Actor
from onething.runtime import Host

REMEMBERED = timedelta(seconds=5)
"""So long a revoked token may still work: the price of not asking the database each time."""
_MOST = 10_000


class Callers:
    """Finds people by their tokens; only hashes of tokens are kept."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._known: dict[bytes, tuple[datetime, Actor]] = {}
        self._lock = threading.Lock()

    def find(self, token: str) -> Actor:
        """Return who acts with a token; raise NotSignedIn for one that is not valid."""
        now = self._host.clock()
        key = hashlib.sha256(token.encode()).digest()
        known = self._known.get(key)
        if known is not None and now < known[0]:
            return known[1]
        actor = identity.by_token(self._host.database, token, now)
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = (now + REMEMBERED, actor)
        return actor
