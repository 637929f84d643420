"""What a server with its worker costs while nobody asks anything, beside the cases it keeps."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from served import Served, served
from sqlalchemy import Connection, create_engine, insert, text

from onething.calendar import load_default
from onething.cases.models import case, item
from onething.clocks.models import clock
from onething.instances.models import instance
from onething.jobs.models import timer
from onething.tasks.models import task
from onething.testing import postgres

SECONDS = int(os.environ.get("BENCH_IDLE_S", "30"))
COUNTS = tuple(map(int, os.environ.get("BENCH_IDLE_CASES", "0,10000,100000").split(",")))
AT_ONCE = 5_000
NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=30)
CALENDAR = load_default().version


def measured(one: Served) -> tuple[float, float, float]:
    """Return milliseconds of server and database, and statements, of one idle second."""
    time.sleep(5)  # what a start does at once is over
    cpu, (_, sent), began = one.cpu_s(), one.statements(), time.monotonic()
    time.sleep(SECONDS)
    after, (_, sent_after) = one.cpu_s(), one.statements()
    took = time.monotonic() - began
    return (
        (after[0] - cpu[0]) * 1000 / took,
        (after[1] - cpu[1]) * 1000 / took,
        (sent_after - sent) / took,
    )


def fill(one: Served, first: int, last: int) -> None:
    """Write open cases with an item, a task, a clock and a timer each, as rows alone."""
    engine = create_engine(one.database or f"sqlite:///{one.folder / 'onething.db'}")
    for at in range(first, last, AT_ONCE):
        numbers = range(at, min(at + AT_ONCE, last))
        with engine.begin() as conn:
            for table, row in ROWS.items():
                conn.execute(insert(table), [row(f"idle{number:020d}") for number in numbers])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        _settle(conn)
    engine.dispose()


def _settle(conn: Connection) -> None:
    """Let the database do now what it would do later because of the new rows."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("VACUUM ANALYZE"))
        conn.execute(text("CHECKPOINT"))
    else:
        conn.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


ROWS = {
    instance: lambda key: {
        "instance_id": key,
        "case_no": key,
        "region": "370502",
        "service": "three-tasks",
        "number": 1,
        "status": "active",
        "sequence": 1,
        "hash": b"",
        "snapshot_sequence": 0,
        "started_at": NOW,
        "updated_at": NOW,
    },
    case: lambda key: {
        "instance_id": key,
        "case_no": key,
        "query_code": key,
        "service": "three-tasks",
        "number": 1,
        "name": "三个任务",
        "title": "三个任务",
        "state": "SUBMITTED",
        "channel": "2",
        "submitted_by": "bench",
        "submitted_at": NOW,
    },
    item: lambda key: {
        "instance_id": key,
        "item_id": "work",
        "item_no": key,
        "name": "三个任务",
        "department": "window",
        "state": "waiting",
    },
    task: lambda key: {
        "instance_id": key,
        "token": "3",
        "case_no": key,
        "service": "three-tasks",
        "activity": "first",
        "process": "three-tasks",
        "name": "First",
        "department": "window",
        "state": "open",
        "opened_at": NOW,
        "due_at": LATER,
        "properties": {},
    },
    clock: lambda key: {
        "instance_id": key,
        "clock_id": "handling.work",
        "owner": "item",
        "item_id": "work",
        "department": "window",
        "kind": "handling",
        "started_on": NOW.date(),
        "started_at": NOW,
        "statutory": "WD(20)",
        "statutory_due_at": LATER,
        "provisional": 0,
        "state": "running",
        "calendar_version": CALENDAR,
        "jurisdiction": "CN",
        "basis": "",
        "by_hours": 0,
    },
    timer: lambda key: {
        "instance_id": key,
        "timer": "1",
        "activity": "wait",
        "due_at": LATER,
        "provisional": 0,
    },
}


@contextmanager
def on_sqlite() -> Iterator[Served]:
    """Serve the product on SQLite."""
    with served("product") as one:
        yield one


@contextmanager
def on_postgres() -> Iterator[Served]:
    """Serve the product on PostgreSQL."""
    with (
        postgres.server(durable=True) as server,
        served("product", postgres.new_database(server, "idle")) as one,
    ):
        yield one


def report() -> str:
    """Measure and return the section."""
    rows = []
    for name, serve in {"SQLite": on_sqlite, "PostgreSQL": on_postgres}.items():
        with serve() as one:
            here = 0
            for count in COUNTS:
                fill(one, here, count)
                here = count
                server, database, sent = measured(one)
                rows.append(f"| {name} | {count:,} | {server:.1f} | {database:.1f} | {sent:.1f} |")
    return f"""## Idle

A server with its worker to which nobody speaks, over {SECONDS} seconds, beside so many open cases
with an item, a task, a running clock and a timer each that is due in a month: processor time in
milliseconds a second, and statements a second.

| | open cases | server | database | statements |
|---|---|---|---|---|
{chr(10).join(rows)}
"""
