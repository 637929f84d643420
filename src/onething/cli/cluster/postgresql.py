"""A PostgreSQL server of the cluster's own, from Debian's package, kept between two runs."""

import os
import pwd
import signal
import subprocess
import time
from hashlib import sha256
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from onething.cli.cluster.child import Child
from onething.errors import SettingsError
from onething.testing import postgres

_DATABASE = "onething"
_PATIENCE_S = 60.0
_HOMES = Path("/var/lib/postgresql")
_SOCKET_CHARS = 90
"""A socket's path has at most 107 bytes, its name among them."""


def server(folder: Path, log: Path) -> Child:
    """Return a server on a folder, which is made when it is empty.

    PostgreSQL refuses root: then it runs as the system's own user for it, and in a folder of
    that user's where the given one lies out of its reach.

    Raises:
        SettingsError: No PostgreSQL is installed.
    """
    at = postgres.programs()
    if at is None:
        raise SettingsError("There is no PostgreSQL; as root: apt-get install postgresql")
    user = postgres.USER if os.geteuid() == 0 else None
    place = _place(folder, user)
    if not (place / "data" / "PG_VERSION").exists():
        made = ("-D", place / "data", "-U", postgres.USER, "-A", "trust", "-E", "UTF8")
        _run(user, at / "initdb", *made, "--locale", "C.UTF-8")
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(place),
        "max_connections": "200",
        "log_min_messages": "warning",
    }
    told = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    words = [str(at / "postgres"), "-D", str(place / "data"), *told]
    return Child("database", words, log, user=user, stop_signal=signal.SIGINT)


def url_of(child: Child) -> str:
    """Return the URL of the site's database on a server that was started; make the database.

    Raises:
        SettingsError: The server does not answer in time.
    """
    place = Path(child.words[child.words.index("-D") + 1]).parent
    maintenance = f"postgresql+psycopg://{postgres.USER}@/postgres?host={place}"
    engine = create_engine(maintenance, isolation_level="AUTOCOMMIT")
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            with engine.connect() as conn:
                known = conn.execute(
                    text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": _DATABASE}
                ).first()
                if known is None:
                    conn.execute(text(f"CREATE DATABASE {_DATABASE} TEMPLATE template0"))
            break
        except OperationalError:
            if time.monotonic() > until or not child.is_alive:
                raise SettingsError(f"PostgreSQL does not answer; see {child.log}") from None
            time.sleep(0.1)
    engine.dispose()
    return make_url(maintenance).set(database=_DATABASE).render_as_string(hide_password=False)


def _place(folder: Path, user: str | None) -> Path:
    """Return the folder that the server may use, and give it to its user."""
    place = folder.resolve()
    if user is not None and not _reaches(place, user):
        place = _HOMES / f"onething-{sha256(str(place).encode()).hexdigest()[:12]}"
    if len(str(place)) > _SOCKET_CHARS:
        raise SettingsError(f"{place} is too long for a socket; choose a shorter --data")
    place.mkdir(parents=True, exist_ok=True, mode=0o755)
    if user is not None:
        owner = pwd.getpwnam(user)
        os.chown(place, owner.pw_uid, owner.pw_gid)
    return place


def _reaches(place: Path, user: str) -> bool:
    """Whether a user may enter every folder on the way to a place."""
    above = next(one for one in (place, *place.parents) if one.exists())
    words = ["test", "-x", str(above)]
    return subprocess.run(words, user=user, group=user, check=False, cwd="/").returncode == 0  # noqa: S603


def _run(user: str | None, *words: object) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        [str(one) for one in words],
        user=user,
        group=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SettingsError(f"initdb failed: {done.stderr.strip()}")
