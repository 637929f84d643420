"""How often an address may try to sign in, whichever node it comes to."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from sqlalchemy.exc import SQLAlchemyError

from onething import identity
from onething.runtime import Host


class OnViews(Limiter):
    """A limiter for the views that ask for one: a request to any other is not looked at."""

    def _check_request_limit(
        self,
        callable_name: str | None = None,
        in_middleware: bool = True,  # noqa: FBT001, FBT002 - the signature is the library's
    ) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = OnViews(get_remote_address, headers_enabled=True)
_SCHEME = "onething"


def register(app: Flask, host: Host) -> None:
    """Bind the limiter to the application; several nodes count in the database they share."""
    app.config["SIGN_IN_LIMIT"] = f"{host.settings.sign_in_per_minute} per minute"
    is_shared = not host.database.is_sqlite
    app.config["RATELIMIT_STORAGE_URI"] = f"{_SCHEME}://" if is_shared else "memory://"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"host": host} if is_shared else {}
    limiter.init_app(app)


class SharedCounts(Storage):
    """Counts of attempts that every node sees, under the hash of what is counted."""

    STORAGE_SCHEME = [_SCHEME]  # noqa: RUF012 - the library asks for a list

    def __init__(self, uri: str | None = None, *, host: Host, **options: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(uri, **options)
        self._host = host

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong in the database."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count on and return how many it are."""
        now = self._host.clock()
        until = now + timedelta(seconds=expiry)
        return self._host.database.write(
            lambda conn: identity.count_rate(conn, _name(key), amount, now, until)
        )

    def get(self, key: str) -> int:
        """Return how many were counted."""
        return self._found(key)[0]

    def get_expiry(self, key: str) -> float:
        """Return when counting begins anew, in seconds since 1970."""
        return self._found(key)[1]

    def check(self) -> bool:
        """Say that the database is looked after elsewhere."""
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        return self._host.database.write(identity.forget_rates)

    def clear(self, key: str) -> None:
        """Forget one count."""
        self._host.database.write(lambda conn: identity.forget_rates(conn, _name(key)))

    def _found(self, key: str) -> tuple[int, float]:
        now = self._host.clock()
        with self._host.database.read() as conn:
            count, until = identity.rate_of(conn, _name(key), now)
        return count, until.timestamp()


def _name(key: str) -> str:
    """Return the hash of a key: the key holds an address."""
    return sha256(key.encode()).hexdigest()
