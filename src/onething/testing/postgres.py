"""A PostgreSQL server that is gone with what used it: Debian's package, a fresh folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

USER = "postgres"
PACKAGES = Path("/usr/lib/postgresql")
OPTIONS = {"listen_addresses": "''", "max_connections": "200"}
"""Nobody reaches it but through the socket in its folder."""
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""No disk is waited for: enough where only answers are asked for."""
MEMORY = Path("/dev/shm")  # noqa: S108 - a fresh folder of our own is made in it
_ROOM_BYTES = 1 << 30


def programs() -> Path | None:
    """Return the folder of the newest server's programs; None where none is installed."""
    found = [one for one in PACKAGES.glob("*/bin") if (one / "initdb").exists()]
    return max(found, key=lambda one: float(one.parent.name), default=None)


@contextmanager
def server(
    *, durable: bool = False, is_large: bool = False, settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Run a server and give the URL of its maintenance database.

    PostgreSQL refuses to run as root: then it runs as the system's own user for it.

    Args:
        durable: Whether a commit waits for the disk.
        is_large: Whether it holds more than fits into memory.
        settings: More settings of the server, with quotes where PostgreSQL wants them.

    Raises:
        FileNotFoundError: No PostgreSQL is installed.
    """
    folder = new_folder("onething-pg-", None if durable or is_large else _memory())
    made = ("-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
    try:
        run("initdb", "-D", folder / "data", *made)
        with running(folder / "data", {**({} if durable else HASTY), **(settings or {})}) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(data: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run a server on a data folder that is there; its socket lies beside the folder."""
    folder = data.parent
    told = {**OPTIONS, "unix_socket_directories": f"'{folder}'", **(settings or {})}
    options = " ".join(f"-c {name}={value}" for name, value in told.items())
    try:
        run("pg_ctl", "-w", "-D", data, "-l", folder / "log", "-o", options, "start")
        yield f"postgresql+psycopg://{USER}@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-w", "-D", data, "-m", "immediate", "stop", check=False)


def new_folder(prefix: str, place: Path | None = None) -> Path:
    """Return a new temporary folder of the server's user, in a place of one's own choice."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
    if os.geteuid() == 0:
        owner = pwd.getpwnam(USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return folder


def _memory() -> Path | None:
    """Return a folder in memory; None where there is none, or little room in it.

    A database that is copied or dropped writes all that is changed to disk, whatever the
    settings say of waiting for it.
    """
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > _ROOM_BYTES
    return MEMORY if has_room and os.access(MEMORY, os.W_OK) else None


def new_database(server: str, name: str) -> str:
    """Make an empty database on a server and return its URL."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def run(program: str | Path, *words: object, check: bool = True) -> None:
    """Run one of the server's programs, or another by its path, as the server's user.

    Raises:
        FileNotFoundError: No PostgreSQL is installed.
        RuntimeError: It failed.
    """
    at = programs()
    if at is None:
        raise FileNotFoundError("no PostgreSQL; as root: apt-get install postgresql")
    prefix = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    command = [*prefix, str(at / program), *(str(one) for one in words)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, cwd="/", check=False)  # noqa: S603 - our own words
    if check and done.returncode:
        raise RuntimeError(f"{Path(program).name} failed with {done.returncode}")
