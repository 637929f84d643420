"""Measured applications as processes of their own, and what they cost: processor, memory, disk."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from client import Target
from sqlalchemy import Engine, create_engine, make_url, text

HERE = Path(__file__).parent
PORTS = {"product": 8061, "floor": 8062, "naive": 8063}
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Served:
    """One application that is being served."""

    target: Target
    folder: Path
    pid: int
    database: str
    """URL of its database on PostgreSQL; empty on SQLite."""

    def cpu_s(self) -> tuple[float, float]:
        """Return the seconds of processor that the server and the database have used."""
        return _used(self.pid), sum(map(_used, database_processes(self.database)))

    def memory_mb(self) -> float:
        """Return the resident memory of the server."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        resident = next(line.split()[1] for line in status.splitlines() if "VmRSS" in line)
        return int(resident) / 1024

    def statements(self) -> tuple[int, int]:
        """Return how many statements its requests and its own threads have sent."""
        address = f"http://127.0.0.1:{self.target.port}/_statements"
        with urllib.request.urlopen(address) as answer:
            told = json.load(answer)
        return told["asked"], told["unasked"]

    def sizes(self) -> tuple[dict[str, int], int]:
        """Return rows by table and bytes of the database."""
        engine = create_engine(self.database or f"sqlite:///{self.folder / 'onething.db'}")
        try:
            return sizes(engine)
        finally:
            engine.dispose()


def sizes(engine: Engine) -> tuple[dict[str, int], int]:
    """Return rows by table and bytes of a database."""
    if engine.dialect.name == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type='table'"
        size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    else:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        size = "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE relkind = 'r'"
    with engine.connect() as conn:
        if engine.dialect.name == "sqlite":
            conn.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        counts = {
            name: conn.scalar(text(f'SELECT count(*) FROM "{name}"'))  # noqa: S608 - own names
            for name in conn.scalars(text(names)).all()
        }
        return counts, int(conn.scalar(text(size)) or 0)


@contextmanager
def served(name: str, database: str = "") -> Iterator[Served]:
    """Serve one application from a throw-away folder on disk, or on the database of a URL."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=HERE) as told:
        folder = Path(told)
        words = [sys.executable, str(HERE / "serve.py"), name, str(PORTS[name]), told]
        env = {**os.environ, "BENCH_DATABASE": database}
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env)
        try:
            assert process.stdout is not None
            process.stdout.readline()
            _wait_for(PORTS[name])
            token = (folder / "token").read_text() if name == "product" else ""
            yield Served(Target(name, PORTS[name], token), folder, process.pid, database)
        finally:
            process.kill()
            process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")


def database_processes(url: str) -> list[int]:
    """Return the processes of the PostgreSQL server behind a URL that lies on this machine."""
    if not url:
        return []
    folder = Path(str(make_url(url).query["host"]))
    parent = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    found = [parent]
    for one in Path("/proc").glob("[0-9]*/stat"):
        fields = _fields(int(one.parent.name))
        if fields and int(fields[1]) == parent:
            found.append(int(one.parent.name))
    return found


def _used(pid: int) -> float:
    """Return the seconds of processor of a process and of its children that have ended."""
    fields = _fields(pid)
    return sum(map(int, fields[11:15])) / _TICKS if fields else 0.0


def _fields(pid: int) -> list[str]:
    """Return the fields of a process behind its name; nothing once it is gone."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return told.rsplit(")", 1)[1].split()
