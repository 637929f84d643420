"""Queue, search, tracker and sweeps on a PostgreSQL that is as full as after years.

`BENCH_OPEN`, `BENCH_CLOSED` and `BENCH_PLAYED` size it; `BENCH_SCALE_URL` names a database that
`onething generate` filled before and keeps it.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from onething import cards, cases, clocks, db, documents, jobs, messages, runtime, simulator, tasks
from onething.db import metadata
from onething.identity import Actor
from onething.runtime import Host, Search
from onething.settings import Settings
from onething.tasks import Filter
from onething.testing import generation, postgres
from onething.testing.generation import Made, Order

OPEN = int(os.environ.get("BENCH_OPEN", "200000"))
CLOSED = int(os.environ.get("BENCH_CLOSED", "2000000"))
PLAYED = float(os.environ.get("BENCH_PLAYED", "0.01"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "60"))
AUDITOR = Actor("auditor", "审计", frozenset({"auditor"}))
OPERATOR = Actor("operator", "运维", frozenset({"operator"}))
CLERK = Actor("li", "李", frozenset({"clerk"}), "registry", "registrar", "370502")
HEAD = Actor("wang", "王", frozenset({"supervisor"}), "registry", None, "370500")


@dataclass(frozen=True, slots=True)
class Known:
    """Cases that are asked for, drawn at random."""

    numbers: list[str]
    live: list[str]
    instances: list[str]
    documents: list[str]


def report() -> str:
    """Fill a database, measure, and return the section."""
    random.seed(1)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, filled(Path(folder)) as found:
        host, made = found
        known = drawn(host)
        lines = [line(name, ask) for name, ask in asked(host, known).items()]
        size = sized(host)
    told = f"Made in {made.seconds:,.0f} s" if made else "Made beforehand"
    share = f", {made.played:,} of them really played, with histories" if made else ""
    return f"""## At the size of years

PostgreSQL on the same machine with {size}{share}. {told}. Each question
is asked {ROUNDS} times about other cases, by the function behind the page, its rights included,
without HTTP and templates. The first line is the floor: one row by its primary key.

| question | p50 ms | p95 ms |
|---|---|---|
{chr(10).join(lines)}
"""


@contextmanager
def filled(folder: Path) -> Iterator[tuple[Host, Made | None]]:
    """Give a node on a full database: one that is named, else a new one that is dropped."""
    named = os.environ.get("BENCH_SCALE_URL", "")
    if named:
        host = runtime.open_host(Settings(data_dir=folder, database_url=named))
        db.upgrade(host.database)
        yield host, None
        host.database.close()
        return
    with postgres.server(is_large=True) as server:
        url = postgres.new_database(server, "scale")
        host = runtime.open_host(Settings(data_dir=folder, database_url=url))
        db.upgrade(host.database)
        order = Order(open_cases=OPEN, closed_cases=CLOSED, played_share=PLAYED)
        made = generation.generate(host, order, simulator.create_app, simulator.Records, print)
        yield host, made
        host.database.close()


def drawn(host: Host) -> Known:
    """Draw cases to ask for."""
    case, document = metadata.tables["case"], metadata.tables["document"]
    live = case.c.state.not_in(("CLOSED", "ARCHIVED"))
    with host.database.read() as conn:
        some = select(case.c.case_no, case.c.instance_id).order_by(func.random()).limit(ROUNDS)
        rows = conn.execute(some).all()
        open_ones = list(conn.scalars(some.where(live)))
        numbers = select(document.c.number).order_by(func.random()).limit(ROUNDS)
        return Known(
            [row.case_no for row in rows],
            open_ones,
            [row.instance_id for row in rows],
            list(conn.scalars(numbers)),
        )


def asked(host: Host, known: Known) -> dict[str, Callable[[int], Any]]:
    """Return what is measured, by name."""
    return {**lists(host, known), **pages(host, known), **sweeps(host)}


def lists(host: Host, known: Known) -> dict[str, Callable[[int], Any]]:
    """Return the lists and searches."""
    now = host.clock()
    own = runtime.own_tasks(CLERK)
    soon = Filter(due_before=now + timedelta(days=1))
    deep = deep_page(host)

    def filed(at: int) -> Any:
        someone = Actor(f"made-up-{at * 791 % 50_000:05d}", "", frozenset({"applicant"}))
        return runtime.list_cases(host, someone, limit=21)

    def search(what: str, at: int) -> Any:
        number = known.numbers[at]
        sought = {
            "number": number,
            "part": number[8:20],
            "end": number[-6:],
            "name": "魏*",
            "nobody": "佚名",
        }[what]
        return runtime.list_cases(host, AUDITOR, text=sought, limit=51)

    return {
        "floor: an instance by primary key": lambda at: get_instance(host, known.instances[at]),
        "queue: first page": lambda _: runtime.list_tasks(host, CLERK, Filter(), limit=51),
        "queue: page behind 2,000 tasks": lambda _: runtime.list_tasks(
            host, CLERK, Filter(), after=deep, limit=51
        ),
        "queue: due within a day": lambda _: runtime.list_tasks(host, CLERK, soon, limit=51),
        "queue: one service": lambda _: runtime.list_tasks(
            host, CLERK, Filter(service="marriage-status-change"), limit=51
        ),
        "queue: a service without tasks of the post": lambda _: runtime.list_tasks(
            host, CLERK, Filter(service="after-death"), limit=51
        ),
        "queue: part of a case number": lambda at: runtime.list_tasks(
            host, CLERK, Filter(text=known.live[at][8:20]), limit=51
        ),
        "queue: number on a tab": lambda _: read(host, tasks.count, own),
        "cases: first page of all": lambda _: runtime.list_cases(host, AUDITOR, limit=51),
        "cases: of a clerk's post": lambda _: runtime.list_cases(host, CLERK, limit=51),
        "cases: in progress": lambda _: runtime.list_cases(
            host, AUDITOR, state="IN_PROGRESS", limit=51
        ),
        "search: whole case number": partial(search, "number"),
        "search: part of a case number": partial(search, "part"),
        "search: end of a case number": partial(search, "end"),
        "search: masked name": partial(search, "name"),
        "search: name that nobody has": partial(search, "nobody"),
        "tracker: own cases": filed,
    }


def pages(host: Host, known: Known) -> dict[str, Callable[[int], Any]]:
    """Return the pages about one case, and those that count."""
    return {
        "look-up by case number": lambda at: read(host, cases.get, known.numbers[at]),
        "check of a document": lambda at: read(host, documents.by_number, known.documents[at]),
        "case page": lambda at: runtime.view_case(host, AUDITOR, known.numbers[at], "case"),
        "clocks of a case": lambda at: runtime.view_clocks(host, AUDITOR, known.live[at]),
        "operators: queues and running cases": lambda _: runtime.view_operations(host, OPERATOR),
        "operators: those that have ended": lambda _: runtime.search_instances(
            host, OPERATOR, Search(status="completed"), limit=51
        ),
        "operators: those that failed": lambda _: runtime.search_instances(
            host, OPERATOR, Search(status="failed"), limit=51
        ),
        "supervision: cards": lambda _: runtime.list_cards(host, HEAD, cards.Filter(), limit=51),
        "supervision: number of cards": lambda _: runtime.count_cards(
            host, HEAD, cards.Filter(waiting=True)
        ),
        "supervision: a department's 7 days": lambda _: runtime.figures(
            host, HEAD, host.clock() - timedelta(days=7)
        ),
    }


def sweeps(host: Host) -> dict[str, Callable[[int], Any]]:
    """Return what machines ask again and again."""
    now = host.clock()
    return {
        "sweep: timers": lambda _: read(host, jobs.due_timers, now, 100),
        "sweep: jobs": lambda _: read(host, jobs.next_due),
        "sweep: cards": lambda _: read(host, cards.unanswered, now),
        "sweep: clocks": lambda _: read(host, clocks.open_due, now - timedelta(days=400), 2_000),
        "sweep: kept messages": lambda _: host.database.write(
            partial(messages.drop_expired, now=now)
        ),
        "metrics: queues": lambda _: runtime.health(host),
    }


def read(host: Host, question: Callable[..., Any], *words: Any) -> Any:
    """Ask a question of the database."""
    with host.database.read() as conn:
        return question(conn, *words)


def get_instance(host: Host, instance_id: str) -> Any:
    """Read one row by its primary key."""
    with host.database.read() as conn:
        query = text("SELECT * FROM instance WHERE instance_id = :id")
        return conn.execute(query, {"id": instance_id}).one()


def deep_page(host: Host) -> str:
    """Return the id of the clerk's task after which a deep page begins."""
    after: str | None = None
    for _ in range(4):
        found = runtime.list_tasks(host, CLERK, Filter(), after=after, limit=500)
        after = found[-1].id if found else after
    return after or ""


def line(name: str, ask: Callable[[int], Any]) -> str:
    """Ask again and again and return the row of the table."""
    ask(0)
    took = []
    for at in range(ROUNDS):
        began = time.perf_counter()
        ask(at)
        took.append((time.perf_counter() - began) * 1_000)
    cuts = statistics.quantiles(took, n=20)
    told = f"| {name} | {statistics.median(took):,.1f} | {cuts[18]:,.1f} |"
    print(told, flush=True)  # noqa: T201 - it takes long
    return told


def sized(host: Host) -> str:
    """Say what the database holds and takes."""
    case = metadata.tables["case"]
    is_over = case.c.state.in_(("CLOSED", "ARCHIVED"))
    with host.database.read() as conn:
        closed, every = conn.execute(
            select(func.count().filter(is_over), func.count()).select_from(case)
        ).one()
        size = conn.execute(select(func.pg_database_size(func.current_database()))).scalar_one()
    return f"{every - closed:,} open and {closed:,} closed cases ({size / 1e9:.1f} GB)"
