"""A PostgreSQL server of the tests' own: Debian's package, a fresh folder, a socket in it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"
PACKAGES = Path("/usr/lib/postgresql")
OPTIONS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
"""Only a socket, and no disk is waited for: what these tests ask is what is answered."""


def programs() -> Path | None:
    """Return the folder of the newest server's programs; None where none is installed."""
    found = [one for one in PACKAGES.glob("*/bin") if (one / "initdb").exists()]
    return max(found, key=lambda one: float(one.parent.name), default=None)


@contextmanager
def server() -> Iterator[str]:
    """Run a server and give the URL of its maintenance database.

    PostgreSQL refuses to run as root: then it runs as the system's own user for it.
    """
    at = programs()
    if at is None:
        raise FileNotFoundError("no PostgreSQL; as root: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="onething-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam(USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    settings = {**OPTIONS, "unix_socket_directories": f"'{folder}'"}
    told = " ".join(f"-c {name}={value}" for name, value in settings.items())
    try:
        _run(at / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        _run(at / "pg_ctl", "-w", "-D", data, "-l", folder / "log", "-o", told, "start")
        yield f"postgresql+psycopg://{USER}@/postgres?host={folder}"
    finally:
        _run(at / "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: Path, *words: object, check: bool = True) -> None:
    prefix = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    command = [*prefix, str(program), *(str(one) for one in words)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, cwd="/", check=False)
    if check and done.returncode:
        raise RuntimeError(f"{program.name} failed with {done.returncode}")
