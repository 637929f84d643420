"""A database and a node's settings belong together: refuse what would corrupt, or lose, data.

Three keys and two settings are facts of a site. They are written down at the first start, keys
as fingerprints that tell nothing of them, and compared at every other one.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from onething import __version__, history, site
from onething.db import Database
from onething.errors import HistoryBroken, InvalidInput, StartDelayed, StartRefused
from onething.now import system_clock
from onething.runtime.host import Host
from onething.settings import Settings, secret
from onething.site import FactRow

FACT_KEYS = ("master", "contents", "checkpoint")
ACCEPTED = ("checkpoint", "timezone")
"""Facts that may be changed on purpose; data lean on the others for ever."""
VERSION = "version"
"""Fact that only tells: the product's version that looked after the schema last."""
CLOCK_BEHIND = timedelta(days=1)
"""So far behind the newest event a clock is wrong beyond doubt."""
_REMEDIES = {
    "master": "put back the key that this database was sealed with",
    "contents": "put back the key that this site's contents were sealed with",
    "checkpoint": "put it back, or say `onething site accept checkpoint` if it was changed on "
    "purpose",
    "hash_name": "set it back: earlier chains go on under it",
    "timezone": "set it back, or say `onething site accept timezone` if it was changed on purpose",
}


def require_keys(settings: Settings, database: Database) -> None:
    """Refuse to draw new keys for a database that was sealed with others.

    Raises:
        StartRefused: A key file is missing beside a database that needs it.
    """
    with database.read() as conn:
        needed = [name for name in FACT_KEYS if name in site.facts(conn)]
        if not needed and site.has_cases(conn):
            needed = ["master"]
    for name in needed:
        path = settings.data_dir / f"{name}.key"
        if not path.exists():
            raise StartRefused(
                f"{path} is missing, and the database was sealed with it: "
                "put the keys back from their backup, or copy them from another node"
            )


def claim_site(host: Host) -> None:
    """Write down what the site is made with, or compare it with what was written down.

    Raises:
        StartRefused: A key or a setting is another one than the data lean on.
    """
    now = facts_now(host.settings)
    with host.database.read() as conn:
        known = site.facts(conn)
    differing = differences(known, now)
    if differing:
        raise StartRefused("; ".join(differing))
    missing = {name: value for name, value in now.items() if name not in known}
    has_moved = VERSION not in known or known[VERSION].value != __version__
    if missing or has_moved:
        host.write(lambda conn: _write_down(host, conn, missing | {VERSION: __version__}))


def require_time(host: Host) -> None:
    """Refuse to act by a clock that is a day and more behind the newest event.

    Raises:
        StartDelayed: It is; a time server may set it right at any moment.
    """
    behind = clock_behind(host.database, host.clock())
    if behind >= CLOCK_BEHIND:
        hours = int(behind.total_seconds() // 3600)
        raise StartDelayed(
            f"This machine's clock is {hours} hours behind the newest event: set it, or see that "
            "its time server is reached"
        )


def clock_behind(database: Database, now: datetime) -> timedelta:
    """Return how far an instant is before the newest event of history; zero where it is not."""
    with database.read() as conn:
        newest = history.newest_at(conn)
    return max(timedelta(), newest - now) if newest is not None else timedelta()


def accept_fact(settings: Settings, database: Database, name: str, reason: str) -> None:
    """Write down that a fact was changed on purpose.

    Raises:
        InvalidInput: This one cannot be changed, or no reason is given.
    """
    if name not in ACCEPTED:
        told = f"Only {' and '.join(ACCEPTED)} can be changed; the data lean on the others"
        raise InvalidInput(told, {"name": told})
    if not reason.strip():
        raise InvalidInput("Say why", {"reason": "Say why"})
    value, at = facts_now(settings)[name], system_clock()
    database.write(lambda conn: site.put(conn, FactRow(name, value, at, reason)))


def facts_now(settings: Settings) -> dict[str, str]:
    """Return the facts of this node, of its keys those that are there."""
    keys = {
        name: fingerprint(secret(settings, name), name)
        for name in FACT_KEYS
        if (settings.data_dir / f"{name}.key").exists()
    }
    return keys | {"hash_name": settings.hash_name, "timezone": settings.timezone}


def differences(known: Mapping[str, FactRow], now: Mapping[str, str]) -> list[str]:
    """Say which facts differ and what to do."""
    return [
        _told(name, known[name].value, value)
        for name, value in now.items()
        if name in known and not hmac.compare_digest(known[name].value.encode(), value.encode())
    ]


def fingerprint(key: bytes, name: str) -> str:
    """Return what tells keys apart and says nothing of them, 32 hexadecimal digits."""
    return hmac.digest(key, f"fingerprint of {name}".encode(), "sha256").hex()[:32]


def _told(name: str, was: str, value: str) -> str:
    if name in FACT_KEYS:
        return f"{name}.key is another key: {_REMEDIES[name]}"
    return f"{name} is {value} and was {was}: {_REMEDIES[name]}"


def _write_down(host: Host, conn: Connection, values: Mapping[str, str]) -> None:
    """Insert facts; two first starts at once must agree."""
    known = site.facts(conn)
    differing = differences(known, {one: values[one] for one in values if one != VERSION})
    if differing:
        raise StartRefused("; ".join(differing))
    if "master" in values:
        _try_master(host, conn)
    for name, value in values.items():
        if name not in known or name == VERSION:
            site.put(conn, FactRow(name, value, host.clock(), None))


def _try_master(host: Host, conn: Connection) -> None:
    """Open a key of a case that is older than the facts."""
    instance_id = history.any_case(conn)
    if instance_id is None:
        return
    try:
        host.keys.find(conn, instance_id)
    except HistoryBroken:
        raise StartRefused(f"master.key is another key: {_REMEDIES['master']}") from None
