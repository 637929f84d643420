"""`make bench`: measure the product beside its floor and a naive host, in one run.

Writes docs/performance.md with machine and date. Trust the ratios, not the absolutes.
`run.py feel` measures only the section of that name and keeps the others as they stand.
"""

import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import client
import engine as steps
import feel
import migration
import periods
import redating
import scale
from client import Target

from onething.testing import postgres

HERE = Path(__file__).parent
REPORT = HERE.parents[1] / "docs" / "performance.md"
PORTS = {"product": 8061, "floor": 8062, "naive": 8063}
CASES = int(os.environ.get("BENCH_CASES", "400"))
MEMORY_CASES = int(os.environ.get("BENCH_MEMORY_CASES", "10000"))
CLIENTS = (1, 4, 16)
HEADS = """\
| | clients | starts a second | completions a second | p50 ms | p99 ms |
|---|---|---|---|---|---|"""


def main(chosen: list[str]) -> None:
    """Measure the chosen sections, all when none is named, and write the report."""
    for name in chosen or SECTIONS:
        put(SECTIONS[name]())
    sys.stdout.write(REPORT.read_text(encoding="utf-8"))


def put(section: str) -> None:
    """Write a section in the place of the one with its heading, else at the end."""
    told = f"{section.rstrip()}\n\nMeasured on {machine()}.\n"
    intro, *others = REPORT.read_text(encoding="utf-8").split("\n## ")
    heading, text = told.removeprefix("## ").split("\n", 1)
    bodies = {one.split("\n", 1)[0]: one.split("\n", 1)[1].rstrip() for one in others}
    bodies[heading] = text.rstrip()
    parts = [f"## {name}\n{body}\n" for name, body in bodies.items()]
    REPORT.write_text("\n".join([intro.rstrip() + "\n", *parts]), encoding="utf-8")


def machine() -> str:
    """Return date and machine of a measurement."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def cases() -> str:
    """Measure cases driven over HTTP and return the section."""
    rows: list[str] = []
    rates: dict[tuple[str, int], float] = {}
    facts: list[str] = []
    for name in ("floor", "product", "naive"):
        with served(name) as (target, folder, pid):
            client.run(target, 1, 20, "warm")
            rows += [measured(target, clients, rates) for clients in CLIENTS]
            if name == "product":
                facts += per_instance(target, folder)
                facts.append(memory(target, pid))
    return report(rows, rates, facts)


def on_postgres() -> str:
    """Measure cases driven over HTTP on PostgreSQL and return the section."""
    rows: list[str] = []
    rates: dict[tuple[str, int], float] = {}
    with postgres.server(durable=True) as server:
        for name in ("floor", "product", "naive"):
            with served(name, postgres.new_database(server, name)) as (target, _folder, _pid):
                client.run(target, 1, 20, "warm")
                rows += [measured(target, clients, rates) for clients in CLIENTS]
    return f"""## Cases over HTTP on PostgreSQL

The same three applications with a PostgreSQL server beside them on the same cores, each commit
waiting for the disk.

{HEADS}
{chr(10).join(rows)}

{chr(10).join(f"- {line}" for line in ratios(rates))}
"""


@contextmanager
def served(name: str, database: str = "") -> Iterator[tuple[Target, Path, int]]:
    """Serve one application from a throw-away folder on disk, or on the database of a URL."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=HERE) as text:
        folder = Path(text)
        words = [sys.executable, str(HERE / "serve.py"), name, str(PORTS[name]), text]
        env = {**os.environ, "BENCH_DATABASE": database}
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env)
        try:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.5)
            token = (folder / "token").read_text() if name == "product" else ""
            yield Target(name, PORTS[name], token), folder, process.pid
        finally:
            process.kill()
            process.wait()


def measured(target: Target, clients: int, rates: dict[tuple[str, int], float]) -> str:
    """Return one line of the table."""
    seconds_start, seconds, latencies = client.run(target, clients, CASES, f"m{clients}")
    rate = len(latencies) / seconds
    rates[target.name, clients] = rate
    cuts = statistics.quantiles(latencies, n=100)
    return (
        f"| {target.name} | {clients} | {CASES // clients * clients / seconds_start:,.0f} "
        f"| {rate:,.0f} | {cuts[49] * 1000:.1f} | {cuts[98] * 1000:.1f} |"
    )


def per_instance(target: Target, folder: Path) -> list[str]:
    """Count statements, rows and bytes of one batch."""
    cases = 100
    before, statements = sizes(folder), asked(target)
    client.run(target, 1, cases, "rows")
    after, done = sizes(folder), asked(target)
    commands = cases * (1 + client.TASKS)
    rows = sum(after[0].values()) - sum(before[0].values())
    grown = {name: after[0][name] - before[0].get(name, 0) for name in after[0]}
    told = ", ".join(f"{name} {n / cases:g}" for name, n in sorted(grown.items()) if n)
    return [
        f"Statements per command (start and 3 completions): {(done - statements) / commands:.1f}",
        f"Rows per instance: {rows / cases:.1f} ({told})",
        f"Bytes per instance (database file): {(after[1] - before[1]) / cases:,.0f}",
    ]


def sizes(folder: Path) -> tuple[dict[str, int], int]:
    """Return rows by table and bytes of the database."""
    with sqlite3.connect(folder / "onething.db") as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        names = [
            row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        rows = {
            name: conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - own names
            for name in names
        }
        (pages,), (size,) = (
            conn.execute("PRAGMA page_count").fetchone(),
            conn.execute("PRAGMA page_size").fetchone(),
        )
    return rows, pages * size


def asked(target: Target) -> int:
    """Return how many statements the writer has executed."""
    with urllib.request.urlopen(f"http://127.0.0.1:{target.port}/_statements") as answer:
        return int(json.load(answer)["statements"])


def memory(target: Target, pid: int) -> str:
    """Start many cases and return the server's resident memory."""
    client.run(target, 4, MEMORY_CASES, "memory")
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    resident = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    megabytes = int(resident) / 1024
    return f"Resident memory of the server after {MEMORY_CASES:,} cases: {megabytes:.0f} MB"


def ratio(rates: dict[tuple[str, int], float], peer: str, clients: int) -> float:
    """Return the product's completions for each one of a peer."""
    return rates["product", clients] / rates[peer, clients]


def ratios(rates: dict[tuple[str, int], float]) -> list[str]:
    """Return how the product does beside its peers, a line for each number of clients."""
    return [
        f"complete-task, {clients} clients: {ratio(rates, 'floor', clients):.2f} of the floor, "
        f"{ratio(rates, 'naive', clients):.1f} × the naive host"
        for clients in CLIENTS
    ]


def report(rows: list[str], rates: dict[tuple[str, int], float], facts: list[str]) -> str:
    """Return the section."""
    return f"""## Cases over HTTP

A process of three user tasks, driven over HTTP with bearer tokens, full history and proof on;
SQLite with `synchronous=FULL`, the cores shared by server and clients.
**floor**: a Flask endpoint that commits one update and two inserts of 2 KB through the same
writer and server. **naive**: load JSON, step raw SpiffWorkflow, dump JSON, in one ORM
transaction.

{HEADS}
{chr(10).join(rows)}

{chr(10).join(f"- {line}" for line in [*ratios(rates), *facts])}
"""


SECTIONS: Final[dict[str, Callable[[], str]]] = {
    "cases": cases,
    "postgres": on_postgres,
    "engine": steps.report,
    "feel": feel.report,
    "migration": migration.report,
    "periods": periods.report,
    "redating": redating.report,
    "scale": scale.report,
}

if __name__ == "__main__":
    main(sys.argv[1:])
