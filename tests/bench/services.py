"""The shipped services, driven by their scenarios through the runtime on real databases."""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sqlalchemy import text

from onething import testing
from onething.catalog import Catalog
from onething.db import Database, upgrade
from onething.definitions import Package
from onething.errors import OnethingError
from onething.simulator import Records, create_app
from onething.testing import Scenario, postgres
from onething.testing.player import Played, Run
from onething.testing.statements import note_all
from onething.testing.world import World

SCENARIOS = int(os.environ.get("BENCH_SCENARIOS", "8"))
"""So many of each service: those with the most steps."""
SERVICES = tuple(
    code for code in Catalog().codes() if (Catalog().folder(code) / "scenarios").is_dir()
)
_inside: ContextVar[bool] = ContextVar("inside a command", default=False)


@dataclass
class Total:
    """What the scenarios of one service add up to."""

    scenarios: int = 0
    seconds: float = 0.0
    commands: int = 0
    statements: int = 0
    grown: Counter[str] = field(default_factory=Counter)
    """Cases, events, rows and bytes that were added."""

    def row(self, service: str, database: str) -> str:
        cases = self.grown["case"]
        return (
            f"| {service} | {database} | {self.scenarios} | {cases} | {self.grown['event']} "
            f"| {self.commands / self.seconds:,.0f} | {self.statements / self.commands:.1f} "
            f"| {self.grown['rows'] / cases:,.0f} | {self.grown['bytes'] / cases:,.0f} |"
        )


def play(scenario: Scenario, database: Database, total: Total) -> None:
    """Play one scenario on a database of its own and add up what it took."""
    with World(scenario.now, create_app, Records, database) as world:
        world.deploy(_package(scenario.service))
        for given in scenario.given:
            world.give(given)
        run = Run(world, scenario, Played(scenario))
        before = content(database)
        with counted(database, total):
            began = time.perf_counter()
            for step in scenario.steps:
                with suppress(OnethingError):  # some steps are there to be refused
                    run.take(step)
            total.seconds += time.perf_counter() - began
        total.grown.update(content(database) - before)
        total.scenarios += 1


@cache
def _package(service: str) -> Package:
    return Catalog().package(service)


@contextmanager
def counted(database: Database, total: Total) -> Iterator[None]:
    """Count commands, and the statements that they send."""
    plain = database.write

    def write(command: Callable) -> object:
        total.commands += 1
        token = _inside.set(True)
        try:
            return plain(command)
        finally:
            _inside.reset(token)

    def note(_text: str) -> None:
        total.statements += _inside.get()

    end = note_all(database, note)
    database.write = write
    try:
        yield
    finally:
        database.write = plain
        end()


def content(database: Database) -> Counter[str]:
    """Return rows by table, all rows, and the bytes of their values."""
    found: Counter[str] = Counter()
    with database.read() as conn:
        for name in conn.dialect.get_table_names(conn):
            if database.is_sqlite:
                columns = conn.execute(text(f'PRAGMA table_info("{name}")'))
                parts = [f'coalesce(length(CAST("{one.name}" AS BLOB)), 0)' for one in columns]
                size = " + ".join(parts)
            else:
                size = "pg_column_size(t.*)"
            query = f'SELECT count(*), coalesce(sum({size}), 0) FROM "{name}" t'  # noqa: S608 - own names
            rows, size_bytes = conn.execute(text(query)).one()
            found += Counter({name: rows, "rows": rows, "bytes": int(size_bytes)})
    return found


@contextmanager
def on_sqlite() -> Iterator[Database]:
    """Open a new database on disk."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=Path(__file__).parent) as folder:
        database = Database(f"sqlite:///{folder}/onething.db")
        upgrade(database)
        yield database


def on_postgres(server: str) -> Callable:
    """Return what opens a new database on a server."""
    numbers = iter(range(1_000_000))

    @contextmanager
    def opened() -> Iterator[Database]:
        database = Database(postgres.new_database(server, f"played{next(numbers)}"))
        database.create()
        yield database

    return opened


def chosen(service: str) -> list[Scenario]:
    """Return the scenarios of a service with the most steps."""
    files = (Catalog().folder(service) / "scenarios").glob("*.toml")
    found = [testing.read(one) for one in files]
    return sorted(found, key=lambda one: (-len(one.steps), one.name))[:SCENARIOS]


def played(name: str, opened: Callable) -> list[str]:
    """Return the lines of one database."""
    rows = []
    for service in SERVICES:
        total = Total()
        for scenario in chosen(service):
            with opened() as database:
                play(scenario, database, total)
        rows.append(total.row(service, name))
    return rows


def report() -> str:
    """Measure and return the section."""
    rows = played("SQLite", on_sqlite)
    with postgres.server(durable=True) as server:
        rows += played("PostgreSQL", on_postgres(server))
    return f"""## Shipped services

The {SCENARIOS} longest scenarios of each service, played through the runtime by one client, the
simulated departments in the same process; each on a database of its own whose commits wait for
the disk. Commands are all transactions, also those that look for due work and find none. The
player's own look-ups are in the pace, not in the statements. Bytes are those of the values, without
indexes and free space.

| service | database | scenarios | cases | events | commands a second | statements a command \
| rows a case | bytes a case |
|---|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}
"""
