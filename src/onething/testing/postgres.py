"""A PostgreSQL server that is gone with what used it: Debian's package, a fresh folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

USER = "postgres"
PACKAGES = Path("/usr/lib/postgresql")
OPTIONS = {"listen_addresses": "''", "max_connections": "200"}
"""Nobody reaches it but through the socket in its folder."""
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""No disk is waited for: enough where only answers are asked for."""


def programs() -> Path | None:
    """Return the folder of the newest server's programs; None where none is installed."""
    found = [one for one in PACKAGES.glob("*/bin") if (one / "initdb").exists()]
    return max(found, key=lambda one: float(one.parent.name), default=None)


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Run a server and give the URL of its maintenance database.

    PostgreSQL refuses to run as root: then it runs as the system's own user for it.

    Args:
        durable: Whether a commit waits for the disk.

    Raises:
        FileNotFoundError: No PostgreSQL is installed.
    """
    at = programs()
    if at is None:
        raise FileNotFoundError("no PostgreSQL; as root: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="onething-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam(USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    settings = {**OPTIONS, **({} if durable else HASTY), "unix_socket_directories": f"'{folder}'"}
    told = " ".join(f"-c {name}={value}" for name, value in settings.items())
    try:
        _run(at / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        _run(at / "pg_ctl", "-w", "-D", data, "-l", folder / "log", "-o", told, "start")
        yield f"postgresql+psycopg://{USER}@/postgres?host={folder}"
    finally:
        _run(at / "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, name: str) -> str:
    """Make an empty database on a server and return its URL."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _run(program: Path, *words: object, check: bool = True) -> None:
    prefix = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    command = [*prefix, str(program), *(str(one) for one in words)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, cwd="/", check=False)  # noqa: S603 - our own words
    if check and done.returncode:
        raise RuntimeError(f"{program.name} failed with {done.returncode}")
