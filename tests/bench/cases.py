"""Measure cases driven over HTTP: floor, product and naive host in turn, round by round."""

import os
import statistics
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import client
from served import Served, served

from onething.testing import postgres

CASES = int(os.environ.get("BENCH_CASES", "400"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
MEMORY_CASES = int(os.environ.get("BENCH_MEMORY_CASES", "10000"))
CLIENTS = (1, 4, 16)
NAMES = ("floor", "product", "naive")
HEADS = """\
| | clients | starts a second | completions a second | p50 ms | p99 ms | processor ms: server | \
database |
|---|---|---|---|---|---|---|---|"""


@dataclass
class Total:
    """What the rounds of one application with so many clients add up to."""

    starts: int = 0
    start_s: float = 0.0
    complete_s: float = 0.0
    server_s: float = 0.0
    database_s: float = 0.0
    latencies: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    """Pace beside the floor's of the same round."""

    def add(self, one: client.Measured) -> None:
        _first, before, after = one.readings
        self.starts += one.starts
        self.start_s += one.start_s
        self.complete_s += one.complete_s
        self.server_s += after[0] - before[0]
        self.database_s += after[1] - before[1]
        self.latencies += one.latencies

    @property
    def pace(self) -> float:
        return len(self.latencies) / self.complete_s

    def row(self, name: str, clients: int) -> str:
        cuts = statistics.quantiles(self.latencies, n=100)
        done = len(self.latencies)
        return (
            f"| {name} | {clients} | {self.starts / self.start_s:,.0f} | {self.pace:,.0f} "
            f"| {cuts[49] * 1000:.1f} | {cuts[98] * 1000:.1f} "
            f"| {self.server_s / done * 1000:.2f} | {self.database_s / done * 1000:.2f} |"
        )


Totals = dict[tuple[str, int], Total]


def on_sqlite() -> str:
    """Measure on SQLite and return the section."""
    with all_served(dict.fromkeys(NAMES, "")) as applications:
        totals = measured(applications)
        facts = [*per_command(applications["product"]), memory(applications["product"])]
    return f"""## Cases over HTTP

A process of three user tasks, driven over HTTP with bearer tokens, full history and proof on;
SQLite with `synchronous=FULL`, the cores shared by server and clients. The three applications take
turns: {ROUNDS} rounds of {CASES // ROUNDS} cases for each number of clients, so that whatever else
the machine does hits all alike.
**floor**: a Flask endpoint that commits one update and two inserts of 2 KB through the same
writer and server. **naive**: load JSON, step raw SpiffWorkflow, dump JSON, in one ORM
transaction. Processor time is that of a completion. Each row of a statement counts as one.

{told(totals, facts)}
"""


def on_postgres() -> str:
    """Measure on PostgreSQL and return the section."""
    with postgres.server(durable=True) as server:
        urls = {name: postgres.new_database(server, name) for name in NAMES}
        with all_served(urls) as applications:
            totals = measured(applications)
            facts = per_command(applications["product"])
    return f"""## Cases over HTTP on PostgreSQL

The same three applications with a PostgreSQL server beside them on the same cores, each commit
waiting for the disk. A statement is a round trip, beside those of BEGIN and COMMIT.

{told(totals, facts)}
"""


@contextmanager
def all_served(databases: dict[str, str]) -> Iterator[dict[str, Served]]:
    """Serve the three applications side by side."""
    with ExitStack() as stack:
        found = {name: stack.enter_context(served(name, url)) for name, url in databases.items()}
        for one in found.values():
            client.run(one.target, 4, 40, "warm")
        yield found


def measured(applications: dict[str, Served]) -> Totals:
    """Let the applications take turns, round by round."""
    totals: Totals = defaultdict(Total)
    for clients in CLIENTS:
        for number in range(ROUNDS):
            paces = {}
            for name, one in applications.items():
                batch = f"m{clients}-{number}"
                done = client.run(one.target, clients, CASES // ROUNDS, batch, one.cpu_s)
                totals[name, clients].add(done)
                paces[name] = len(done.latencies) / done.complete_s
            for name, pace in paces.items():
                totals[name, clients].ratios.append(pace / paces["floor"])
    return totals


def told(totals: Totals, facts: list[str]) -> str:
    """Return table and lines of a section."""
    rows = [totals[name, clients].row(name, clients) for name in NAMES for clients in CLIENTS]
    lines = [beside(totals, clients) for clients in CLIENTS] + facts
    return f"{HEADS}\n{chr(10).join(rows)}\n\n" + "\n".join(f"- {line}" for line in lines)


def beside(totals: Totals, clients: int) -> str:
    """Return how the product does beside its peers."""
    product, floor, naive = (totals[name, clients] for name in ("product", "floor", "naive"))
    middle = statistics.median(product.ratios)
    plural = "" if clients == 1 else "s"
    return (
        f"complete-task, {clients} client{plural}: {product.pace / floor.pace:.2f} of the floor "
        f"(median of the rounds {middle:.2f}), {product.pace / naive.pace:.1f} × the naive host"
    )


def per_command(one: Served) -> list[str]:
    """Count statements, rows and bytes of one batch."""
    cases = 100
    before = one.sizes()
    done = client.run(one.target, 1, cases, "rows", one.statements)
    after = one.sizes()
    first, between, last = (asked for asked, _unasked in done.readings)
    rows = sum(after[0].values()) - sum(before[0].values())
    grown = {name: after[0][name] - before[0].get(name, 0) for name in after[0]}
    listed = ", ".join(f"{name} {n / cases:g}" for name, n in sorted(grown.items()) if n)
    completions = cases * client.TASKS
    return [
        (
            f"Statements: {(between - first) / cases:.1f} a start, "
            f"{(last - between) / completions:.1f} a completion"
        ),
        f"Rows per instance: {rows / cases:.1f} ({listed})",
        f"Bytes per instance, indexes and all: {(after[1] - before[1]) / cases:,.0f}",
    ]


def memory(one: Served) -> str:
    """Start and complete many cases and return the server's resident memory."""
    client.run(one.target, 4, MEMORY_CASES, "memory")
    return f"Resident memory of the server after {MEMORY_CASES:,} cases: {one.memory_mb():.0f} MB"
