"""How often something came lately, counted for all nodes together in the database they share."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from onething import identity
from onething.runtime import Host

MINUTE = timedelta(minutes=1)
_SHARES = 10
"""A node tells what it counted when it is so small a part of what is allowed."""
_MOST = 10_000


@dataclass(slots=True)
class _Minute:
    """What one node knows of one count."""

    until: datetime
    told: int = 0
    """What all nodes had told when this one told its part last."""
    untold: int = 0


class SharedRate:
    """Counts of one minute.

    A node counts by itself and adds a tenth of what is allowed at a time: whoever keeps to it
    costs few writes or none, and all nodes together let through what is allowed and at most a
    tenth of it more for each node. What is over is over until the minute ends, without a write.
    """

    def __init__(self, host: Host, kind: str) -> None:
        self._host = host
        self._kind = kind
        self._minutes: OrderedDict[str, _Minute] = OrderedDict()
        self._lock = threading.Lock()

    def over(self, name: str, allowed: int, now: datetime) -> datetime | None:
        """Count one; return until when no more are allowed, or None where this one still is."""
        share = max(1, allowed // _SHARES)
        with self._lock:
            minute = self._minute(name, now)
            if minute.told + minute.untold >= allowed:
                return minute.until
            minute.untold += 1
            if minute.untold < share:
                return None
            amount, minute.untold = minute.untold, 0
        count, until = self._tell(name, amount, now)
        with self._lock:
            minute.told, minute.until = max(minute.told, count), until
        return until if count > allowed else None

    def known_over(self, name: str, allowed: int, now: datetime) -> datetime | None:
        """Return until when no more are allowed, as this node knows it; count nothing."""
        with self._lock:
            minute = self._running(name, now)
            is_over = minute is not None and minute.told + minute.untold >= allowed
            return minute.until if minute is not None and is_over else None

    def _running(self, name: str, now: datetime) -> _Minute | None:
        """Return the minute that runs; one that a clock set back has left ahead is over."""
        found = self._minutes.get(name)
        is_running = found is not None and timedelta() < found.until - now <= MINUTE
        return found if is_running else None

    def _minute(self, name: str, now: datetime) -> _Minute:
        found = self._running(name, now)
        if found is None:
            found = self._minutes[name] = _Minute(now + MINUTE)
            self._minutes.move_to_end(name)
            if len(self._minutes) > _MOST:
                self._minutes.popitem(last=False)
        return found

    def _tell(self, name: str, amount: int, now: datetime) -> tuple[int, datetime]:
        key = sha256(f"{self._kind} {name}".encode()).hexdigest()

        def command(conn: Connection) -> tuple[int, datetime]:
            count = identity.count_rate(conn, key, amount, now, now + MINUTE)
            return count, identity.rate_of(conn, key, now)[1]

        return self._host.database.write(command)
