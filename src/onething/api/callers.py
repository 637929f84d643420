"""Who calls: the person behind a bearer token, remembered where the command confirms it."""

import hashlib
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from onething import identity
from onething.errors import LockedOut, NotSignedIn
from onething.identity import Actor
from onething.runtime import Host

REMEMBERED = timedelta(seconds=5)
"""So long a token is not asked for again before a command that confirms it by itself."""
_MINUTE = timedelta(minutes=1)
_MOST = 10_000


class Callers:
    """Finds people by their tokens; only hashes of tokens are kept."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._known: dict[bytes, tuple[datetime, Actor]] = {}
        self._failures = Failures(host.settings.sign_in_per_minute)
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
        if not is_known:
            self._failures.check(address, now)
        try:
            actor = identity.by_token(self._host.database, token, now)
        except NotSignedIn:
            self._known.pop(key, None)
            self._failures.note(address, now)
            raise
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = (now, actor)
        return actor


class Failures:
    """When tokens failed in the last minute, by address."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._at: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, address: str, now: datetime) -> None:
        """Raise LockedOut while an address has used up its failures of the last minute."""
        with self._lock:
            at = self._at.get(address)
            while at and not now - _MINUTE < at[0] <= now:
                at.popleft()
            if at and len(at) >= self._per_minute:
                raise LockedOut(at[0] + _MINUTE)

    def note(self, address: str, now: datetime) -> None:
        """Count one failure; the address that failed longest ago is forgotten at last."""
        with self._lock:
            self._at.setdefault(address, deque(maxlen=self._per_minute)).append(now)
            self._at.move_to_end(address)
            if len(self._at) > _MOST:
                self._at.popitem(last=False)
