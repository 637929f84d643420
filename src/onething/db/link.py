"""How a process is linked to a PostgreSQL server: how many connections, how patient they are."""

from dataclasses import dataclass
from typing import Any

from onething.settings import Settings

_CONNECT_WAIT_S = 10
_POOL_WAIT_S = 15.0
_PROBES = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A server that died without a word is noticed within 25 s, not after hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Bounds on the connections of one process; 0 seconds are without end."""

    connections: int = 20
    statement_s: int = 0
    lock_s: int = 0
    idle_s: int = 0
    """Of a transaction in which nothing is asked."""
    is_pooled: bool = False
    """Behind PgBouncer: another transaction may get another server connection."""
    name: str = "onething"

    def options(self) -> dict[str, Any]:
        """Return the options of SQLAlchemy's engine."""
        told: dict[str, Any] = {
            "connect_timeout": _CONNECT_WAIT_S,
            "application_name": self.name[:_NAME_CHARS],
            **_PROBES,
        }
        if self.is_pooled:
            # A statement that was prepared on one server connection is unknown on the next, and
            # PgBouncer passes no options on: time-outs are given to the role.
            told["prepare_threshold"] = None
        else:
            told["options"] = " ".join(f"-c {name}={value}s" for name, value in self._bounds())
        return {
            "pool_size": self.connections,
            "max_overflow": 0,
            "pool_timeout": _POOL_WAIT_S,
            # The connection that was used last has its statements planned.
            "pool_use_lifo": True,
            "connect_args": told,
        }

    def _bounds(self) -> tuple[tuple[str, int], ...]:
        return (
            ("statement_timeout", self.statement_s),
            ("lock_timeout", self.lock_s),
            ("idle_in_transaction_session_timeout", self.idle_s),
        )


_NAME_CHARS = 63


def link_of(settings: Settings) -> Link:
    """Return the link that a site has set."""
    return Link(
        connections=settings.database_connections,
        statement_s=settings.statement_seconds,
        lock_s=settings.lock_seconds,
        idle_s=settings.idle_seconds,
        is_pooled=settings.database_pooled,
    )
