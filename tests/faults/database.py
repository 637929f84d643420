"""PostgreSQL as an operator runs it: every commit on disk, over TCP, on a disk that can fill."""

import contextlib
import os
import pwd
import subprocess
from pathlib import Path

import psycopg

from faults.disks import UNBOUND, Disk, bound_files
from onething.testing import postgres

DISK_MB = 200
"""Room on the small disk beside what the load needs."""


class Server:
    """One server on a port, in a folder: started, crashed, started again."""

    def __init__(self, folder: Path, port: int, room_mb: int) -> None:
        self.programs = postgres.programs()
        self.port = port
        self.log = folder / "postgres.log"
        self.disk = Disk(folder / "disk", room_mb + DISK_MB)
        self.crashes = 0
        self.data = self.disk.folder / "data"
        self.log.touch()
        _give_away(self.disk.folder, self.log)
        folder.chmod(0o711)

    def create(self) -> None:
        """Make the cluster and start it."""
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 200,
            "shared_buffers": "256MB",
            "max_wal_size": "128MB",
            "min_wal_size": "64MB",
            "wal_compression": "on",
            "log_min_messages": "warning",
        }
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.start()
        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            conn.execute("CREATE DATABASE onething TEMPLATE template0")

    def url(self, name: str = "onething") -> str:
        """Return where a client finds it, past the proxy."""
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={name} connect_timeout=10"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self._run("pg_ctl", "-w", "-t", "120", "-D", self.data, "-l", self.log, "start")

    def crash(self) -> None:
        """Stop it as a power cut would: the next start recovers from its log."""
        self._run("pg_ctl", "-w", "-D", self.data, "-m", "immediate", "stop", is_checked=False)
        self.crashes += 1

    def fill(self) -> None:
        """Leave no room on its disk, or let no file of it grow where it has no own disk."""
        if self.disk.is_own:
            self.disk.fill()
        else:
            self._bound(1 << 20)

    def free(self) -> None:
        """Give the room back, and start it where it gave up."""
        self._bound(UNBOUND)
        self.disk.free()
        if not self.is_running():
            self.start()

    def _bound(self, size_bytes: int) -> None:
        with contextlib.suppress(OSError, ValueError):
            first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            bound_files([first], size_bytes)

    def is_running(self) -> bool:
        """Whether the server lives."""
        return self._run("pg_ctl", "-D", self.data, "status", is_checked=False) == 0

    def remove(self) -> None:
        """Stop it and take its disk away."""
        self._run("pg_ctl", "-w", "-D", self.data, "-m", "immediate", "stop", is_checked=False)
        self.disk.remove()

    def _run(self, program: str, *words: object, is_checked: bool = True) -> int:
        prefix = ["runuser", "-u", postgres.USER, "--"] if os.geteuid() == 0 else []
        command = [*prefix, str(self.programs / program), *(str(one) for one in words)]
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", check=False
        )
        if is_checked and done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')}")
        return done.returncode


def _give_away(*paths: Path) -> None:
    """Let PostgreSQL's own user have the paths: it refuses to run as root."""
    if os.geteuid():
        return
    owner = pwd.getpwnam(postgres.USER)
    for path in paths:
        os.chown(path, owner.pw_uid, owner.pw_gid)
