"""PostgreSQL as an operator runs it: every commit on disk, over TCP, on a disk that can fill."""

import contextlib
import os
import pwd
import resource
import shutil
import subprocess
from pathlib import Path

import psycopg

from onething.testing import postgres

DISK_MB = 200
"""Room on the small disk beside what the load needs."""


class Server:
    """One server on a port, in a folder: started, crashed, started again."""

    def __init__(self, folder: Path, port: int, room_mb: int) -> None:
        self.programs = postgres.programs()
        self.port = port
        self.log = folder / "postgres.log"
        self.disk = folder / "disk"
        self.is_small = False
        self.crashes = 0
        self.disk.mkdir()
        self._mount(folder / "disk.img", room_mb)
        self.data = self.disk / "data"
        self.log.touch()
        _give_away(self.disk, self.log)
        folder.chmod(0o711)

    def _mount(self, image: Path, room_mb: int) -> None:
        """Give the data a file system of its own, where this is allowed."""
        with image.open("wb") as file:
            file.truncate((room_mb + DISK_MB) << 20)
        words = (
            ["mkfs.ext4", "-q", "-m", "0", str(image)],
            ["mount", "-o", "loop", str(image), str(self.disk)],
        )
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            for one in words:
                subprocess.run(one, check=True, capture_output=True)
            self.is_small = True

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
        if not self.is_small:
            self._limit(1 << 20)
            return
        free = shutil.disk_usage(self.disk).free
        with contextlib.suppress(OSError), (self.disk / "ballast").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(free - (64 << 10), 1))
        with contextlib.suppress(OSError), (self.disk / "rest").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def free(self) -> None:
        """Give the room back, and start it where it gave up."""
        self._limit(resource.RLIM_INFINITY)
        (self.disk / "ballast").unlink(missing_ok=True)
        (self.disk / "rest").unlink(missing_ok=True)
        if not self.is_running():
            self.start()

    def _limit(self, size_bytes: int) -> None:
        """Bound the files that its processes may write."""
        with contextlib.suppress(OSError, ValueError):
            first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
            for one in (first, *map(int, children)):
                with contextlib.suppress(OSError):
                    _, most = resource.prlimit(one, resource.RLIMIT_FSIZE)
                    resource.prlimit(one, resource.RLIMIT_FSIZE, (size_bytes, most))

    def is_running(self) -> bool:
        """Whether the server lives."""
        return self._run("pg_ctl", "-D", self.data, "status", is_checked=False) == 0

    def remove(self) -> None:
        """Stop it and take its disk away."""
        self._run("pg_ctl", "-w", "-D", self.data, "-m", "immediate", "stop", is_checked=False)
        if self.is_small:
            subprocess.run(["/bin/umount", str(self.disk)], check=False)

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
