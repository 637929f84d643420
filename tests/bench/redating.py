"""Redating after a holiday notice: how long it takes, and that every clock is right afterwards.

Cases are opened at the end of a year whose successor has no notice yet, so that every clock is
provisional; then the notice comes. Each clock is counted once more by hand and compared.
"""

import os
import tempfile
import time
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import product
from sqlalchemy import Connection, func, select, text

from onething import calendar, clocks, db, runtime
from onething.catalog import Catalog
from onething.clocks.models import clock
from onething.definitions import Package
from onething.identity import SYSTEM
from onething.now import FakeClock
from onething.runtime import Host
from onething.settings import Settings

CLOCKS = int(os.environ.get("BENCH_CLOCKS", "100000"))
A_CASE = 3
"""Clocks of one case: its item's, its first task's and its own promise."""
TODAY = datetime(2026, 12, 30, 2, tzinfo=UTC)
LATER = datetime(2027, 1, 7, 2, tzinfo=UTC)
"""Without the notice every task's promise has passed by now; with it none is near."""
LIMITS = b'statutory = "ND(30)"\npromised = "WD(10)"\ncore = true'
STEP = b"""
[[parameters]]
name = "step"
value = "WD(5)"
unit = "working days"
assumption = true
"""
TASK_LIMIT = '<zeebe:property name="onething:limit" value="=parameters.step"/>'
ITEM = '<zeebe:property name="onething:item" value="work"/>'
NOTICE = """\
jurisdiction = "CN"
year = 2027
notice = "made up for this measurement"
[[holidays]]
name = "元旦"
first = 2027-01-01
last = 2027-01-05
make_up = [2027-01-09]
"""


def package() -> Package:
    """Return the measured service with limits of its item and of its tasks."""
    plain = Catalog([Path(__file__).parent / "package"]).package(product.SERVICE)
    manifest, diagram = (
        f"bpmn/{plain.code}/{name}" for name in ("service.toml", f"{plain.code}.bpmn")
    )
    drawn = plain.files[diagram].decode()
    limited = drawn.replace(
        "</bpmn:extensionElements><bpmn:incoming>",
        f"<zeebe:properties>{ITEM}{TASK_LIMIT}</zeebe:properties>"
        "</bpmn:extensionElements><bpmn:incoming>",
    )
    if limited == drawn:
        raise ValueError("the measured diagram has no task of the expected form")
    files = {
        **plain.files,
        manifest: plain.files[manifest].replace(b"core = true", LIMITS) + STEP,
        diagram: limited.encode(),
    }
    return Package(plain.code, files)


def with_notice(folder: Path) -> calendar.Calendar:
    """Return the shipped calendar with the notice of the next year."""
    for file in (resources.files("onething.calendar") / "data").iterdir():
        if file.name.endswith(".toml"):
            (folder / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (folder / "2027.toml").write_text(NOTICE, "utf-8")
    return calendar.load(folder)


def wrong(host: Host) -> int:
    """Return how many running clocks are not due when their ledger says."""
    found = 0
    with host.database.read() as conn:
        ids = list(conn.scalars(select(clock.c.instance_id).distinct()))
        for at in range(0, len(ids), 500):
            for kept in clocks.of_cases(conn, ids[at : at + 500]).values():
                found += sum(_is_wrong(host, one) for one in kept)
    return found


def _is_wrong(host: Host, one: clocks.Clock) -> bool:
    dues = {"statutory": one.statutory_due_at, "promised": one.promised_due_at}
    for leg in ("statutory", "promised"):
        ledger = one.ledger(leg)
        if ledger is not None and ledger.due_at(host.calendar, host.zone) != dues[leg]:
            return True
    return one.provisional or one.calendar_version != host.calendar.version


def count(conn: Connection) -> tuple[int, int]:
    """Return how many clocks are open, and in how many cases."""
    query = select(func.count(), func.count(clock.c.instance_id.distinct()))
    opened, cases = conn.execute(query.where(clock.c.ended_at.is_(None))).one()
    return opened, cases


def sweep(host: Host) -> tuple[float, int, str]:
    """Return milliseconds of the deadline sweep, what it found and how the database looks."""
    with host.database.read() as conn:
        began = time.perf_counter()
        due = clocks.open_due(conn, TODAY)
        took = (time.perf_counter() - began) * 1000
        plan = conn.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT * FROM clock WHERE state = 'running' AND "
                "(statutory_due_at <= '2026' OR promised_due_at <= '2026') "
                "ORDER BY instance_id, clock_id LIMIT 500"
            )
        )
        return took, len(due), "; ".join(row.detail for row in plan)


def cards_after(host: Host) -> tuple[float, int]:
    """Return seconds of a look at every clock, and how many cards it raised: each is wrong."""
    began = time.perf_counter()
    raised = runtime.raise_cards(host, every=True)
    return time.perf_counter() - began, raised


def report() -> str:
    """Measure and return the section on redating."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=Path(__file__).parent) as folder:
        notices = Path(folder) / "notices"
        notices.mkdir()
        now = FakeClock(TODAY)
        host = runtime.open_host(Settings(data_dir=Path(folder) / "data"), clock=now)
        db.upgrade(host.database)
        runtime.deploy(host, SYSTEM, package())
        for number in range(-(-CLOCKS // A_CASE)):
            runtime.start_case(host, SYSTEM, product.SERVICE, {"note": str(number)})
        with host.database.read() as conn:
            counted = count(conn)
        host.calendars = {**host.calendars, host.calendar.version: host.calendar}
        host.calendar = with_notice(notices)
        began = time.perf_counter()
        *_, done = runtime.redate_clocks(host, SYSTEM)
        took = time.perf_counter() - began
        looked = sweep(host)
        faults = wrong(host)
        now.move_to(LATER)
        carded = cards_after(host)
        host.database.close()
    return section(counted, done, took, looked, faults, carded)


def section(
    counted: tuple[int, int],
    done: runtime.Redated,
    took: float,
    looked: tuple[float, int, str],
    faults: int,
    carded: tuple[float, int],
) -> str:
    """Return the section's text."""
    opened, cases = counted
    sweep_ms, due, plan = looked
    cards_s, cards = carded
    return f"""## Redating

{opened:,} open clocks of {cases:,} cases on SQLite with `synchronous=FULL`, all provisional: a
holiday notice comes and each is counted again, 500 cases a transaction, one event a case.

| what | measured |
|---|---|
| redating | {took:.1f} s, {opened / took:,.0f} clocks a second |
| cases moved, clocks moved, tasks moved | {done.moved:,}, {done.clocks:,}, {done.tasks:,} |
| clocks that are not due when their ledger says | {faults} |
| clocks that a deadline sweep finds due afterwards (none is) | {due} |
| cards raised wrongly on 7 January, when the old calendar would have raised one a task | {cards} |
| supervision looks at every open clock, as once a day | {cards_s:.1f} s |
| deadline sweep with nothing due | {sweep_ms:.2f} ms: {plan} |
"""
