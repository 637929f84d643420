"""The clerk's queue filtered by department, due date, two fields and a text, on both databases.

`BENCH_QUEUE_TASKS` sizes it, `BENCH_QUEUE_ROUNDS` says how often is asked.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from queue_rows import SERVICES, Filled, Filler, Made, is_name
from sqlalchemy import text

from onething import db, runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM, Actor
from onething.runtime import Host, QueueQuery
from onething.settings import Settings
from onething.testing import postgres

TASKS = int(os.environ.get("BENCH_QUEUE_TASKS", "200000"))
ROUNDS = int(os.environ.get("BENCH_QUEUE_ROUNDS", "300"))
DATABASES = ("PostgreSQL", "SQLite")
WARMING = 20
PAGE = 26
AIM = 20
FLOOR = "floor: an instance by primary key"
WHOLE = "department, due, two fields, text"
DUE_WITHIN = (timedelta(0), timedelta(days=1), timedelta(days=7), timedelta(days=41))


@dataclass(frozen=True, slots=True)
class Line:
    """One question with what it took in milliseconds."""

    what: str
    p50: float
    p95: float


def report() -> str:
    """Fill both databases, measure, and return the section."""
    rows, verdicts = [], []
    for name in DATABASES:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder, opened(name, folder) as host:
            filled = Filler(host, TASKS).run()
            floor, *others = measured(host, filled)
        rows += [told(name, one, floor) for one in (floor, *others)]
        times = next(one for one in others if one.what == WHOLE).p95 / floor.p95
        verdicts.append(f"{name} {'met' if times <= AIM else 'missed'} ({times:.0f} times)")
    return f"""## The queue filtered

{filled.tasks:,} open tasks of {filled.cases:,} cases, in five districts and the departments of
three services, with {filled.terms:,} keyed digests of their fields.
Each question is asked {ROUNDS} times about another
task at random, as the clerk of its department and district, by the function behind the page:
until a date, with two of the task's fields at random, and with a text that is by turns a
person's whole name, the end of the case number, and a part of the task's name. The floor, a row
by its primary key, is asked in between. Load average of the
machine: {os.getloadavg()[0]:.1f}. On a busy machine the p95 of the floor is waiting rather than
work: then the medians tell more.

Aim: the p95 of the whole filter is at most {AIM} times the floor's. {", ".join(verdicts)}.

| database | question | p50 ms | p95 ms | times the floor: p50 | p95 |
|---|---|---|---|---|---|
{chr(10).join(rows)}
"""


def told(name: str, one: Line, floor: Line) -> str:
    """Return a row of the table."""
    times = f"{one.p50 / floor.p50:.1f} | {one.p95 / floor.p95:.1f}"
    return f"| {name} | {one.what} | {one.p50:,.1f} | {one.p95:,.1f} | {times} |"


@contextmanager
def opened(name: str, folder: str) -> Iterator[Host]:
    """Give a node on an empty database with the services deployed."""
    if name == "SQLite":
        yield from node(Settings(data_dir=Path(folder)))
        return
    with postgres.server(is_large=True) as server:
        url = postgres.new_database(server, "queue")
        yield from node(Settings(data_dir=Path(folder), database_url=url))


def node(settings: Settings) -> Iterator[Host]:
    """Open a node, bring its database up, and close it behind the measurement."""
    host = runtime.open_host(settings)
    db.upgrade(host.database)
    for code in SERVICES:
        runtime.deploy(host, SYSTEM, Catalog().package(code))
    yield host
    host.database.close()


def measured(host: Host, filled: Filled) -> list[Line]:
    """Ask all questions about each of the drawn tasks, and return what they took."""
    took: dict[str, list[float]] = {}
    for at, (one, whole) in enumerate(drawn(host, filled)):
        if at == WARMING:
            took.clear()
        for what, ask in questions(host, one, whole).items():
            began = time.perf_counter()
            found = ask()
            took.setdefault(what, []).append((time.perf_counter() - began) * 1_000)
            assert found, (what, one, whole)
    return [
        Line(what, statistics.median(times), statistics.quantiles(times, n=20)[18])
        for what, times in took.items()
    ]


def questions(host: Host, one: Made, whole: QueueQuery) -> dict[str, Callable[[], Any]]:
    """Return the questions about a task, by name; the floor first."""
    clerk = Actor("li", "李", frozenset({"clerk"}), one.department, None, one.region)
    asked = {
        WHOLE: whole,
        "department, due": QueueQuery(due_before=whole.due_before),
        "department, due, two fields": QueueQuery(due_before=whole.due_before, fields=whole.fields),
        "department, text": QueueQuery(text=whole.text),
    }
    soon = host.clock() + timedelta(days=1)
    return {
        FLOOR: lambda: get_instance(host, one),
        **{
            what: lambda query=query: runtime.view_queue(host, clerk, query, limit=PAGE)
            for what, query in asked.items()
        },
        "the counters over the queue": lambda: runtime.queue_counts(host, clerk, soon),
    }


def drawn(host: Host, filled: Filled) -> Iterator[tuple[Made, QueueQuery]]:
    """Draw tasks, and for each a filter that finds it."""
    random = Random(2)  # noqa: S311 - the same questions each time
    with host.database.read() as conn:
        fields = [one for code in SERVICES for one in host.definitions.newest(conn, code).filters]
    names = {one.key for one in fields if is_name(one)}
    fit = [
        one
        for one in filled.some
        if one.due_at and len(one.values) > 1 and not names.isdisjoint(one.values)
    ]
    for at, one in enumerate(random.choices(fit, k=ROUNDS + WARMING)):
        name = random.choice(sorted(names & one.values.keys()))
        texts = (one.values[name], one.case_no[-6:], one.name[:2])
        left = one.due_at - host.clock()
        yield (
            one,
            QueueQuery(
                text=texts[at % len(texts)],
                due_before=host.clock() + next(span for span in DUE_WITHIN if left < span),
                fields=random.sample(sorted(one.values.items()), 2),
            ),
        )


def get_instance(host: Host, one: Made) -> Any:
    """Read one row by its primary key."""
    with host.database.read() as conn:
        query = text("SELECT * FROM instance WHERE instance_id = :id")
        return conn.execute(query, {"id": one.instance_id}).one()
