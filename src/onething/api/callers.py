"""Who calls: the person behind a bearer token, remembered where the command confirms it."""

import hashlib
import threading
from datetime import datetime, timedelta

from onething import identity
from onething.api.rates import SharedRate
from onething.errors import LockedOut, NotSignedIn
from onething.identity import Actor
from onething.runtime import Host

REMEMBERED = timedelta(seconds=5)
"""So long a token is not asked for again before a command that confirms it by itself."""
_MOST = 10_000


class Callers:
    """Finds people by their tokens; only hashes of tokens are kept."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._known: dict[bytes, tuple[datetime, Actor]] = {}
        self._failures = SharedRate(host, "token")
        self._allowed = host.settings.sign_in_per_minute
        self._lock = threading.Lock()

    def find(self, token: str, address: str, *, is_confirmed: bool = False) -> Actor:
        """Return who acts with a token.

        Args:
            token: What the request carries.
            address: Where it comes from.
            is_confirmed: Whether what follows confirms the token in its own first statement, so
                that who is remembered need not be asked for.

        Raises:
            NotSignedIn: It is unknown, expired or revoked.
            LockedOut: Too many tokens from this address failed within a minute. A token that
                was good a moment ago still passes: neighbours behind one proxy go on working.
        """
        now = self._host.clock()
        key = hashlib.sha256(token.encode()).digest()
        known = self._known.get(key)
        is_known = known is not None and timedelta() <= now - known[0] < REMEMBERED
        if known is not None and is_known and is_confirmed:
            return known[1]
        until = None if is_known else self._failures.known_over(address, self._allowed, now)
        if until is not None:
            raise LockedOut(until)
        try:
            actor = identity.by_token(self._host.database, token, now)
            with self._host.database.read() as conn:
                actor = identity.present(conn, actor, self._host.today)
        except NotSignedIn:
            self._known.pop(key, None)
            self._failures.over(address, self._allowed, now)
            raise
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = (now, actor)
        return actor
