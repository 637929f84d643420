"""Migration of thousands of cases on disk: how long it takes, and that nothing is lost silently.

Every case is looked at before and after. The new version renames the first task, keeps the
second with its timer, and lacks the third: the cases there must stay, each with its reason.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import product
from sqlalchemy import select

from onething import db, instances, runtime
from onething.catalog import Catalog
from onething.definitions import Package
from onething.identity import SYSTEM
from onething.jobs.models import timer
from onething.runtime import Host, Outcome
from onething.settings import Settings
from onething.tasks.models import task

CASES = int(os.environ.get("BENCH_MIGRATED_CASES", "10000"))
CLOCK = (
    '<bpmn:boundaryEvent id="late" attachedToRef="second"><bpmn:timerEventDefinition id="late-by">'
    "<bpmn:timeDuration>=parameters.late</bpmn:timeDuration></bpmn:timerEventDefinition>"
    '</bpmn:boundaryEvent><bpmn:sequenceFlow id="late-done" sourceRef="late" targetRef="done"/>'
)
LATE = b"""
[[parameters]]
name = "late"
value = "P30D"
unit = "days"
assumption = true
"""
MAPPING = {"first": "received"}
HELD_AT = "third"
OF_TEN = ("first",) * 5 + ("second",) * 4 + (HELD_AT,)
"""Where ten cases stand in a row."""


def packages() -> tuple[Package, Package]:
    """Return the two versions of the measured service."""
    package = Catalog([Path(__file__).parent / "package"]).package(product.SERVICE)
    path = f"bpmn/{product.SERVICE}/{product.SERVICE}.bpmn"
    manifest = f"bpmn/{product.SERVICE}/service.toml"
    files = {**package.files, manifest: package.files[manifest] + LATE}
    old = package.files[path].decode().replace("</bpmn:process>", f"{CLOCK}</bpmn:process>")
    new = old
    for name, other in (("first", "received"), (HELD_AT, "closing")):
        for mark in (' id="{}"', 'Ref="{}"', ">{}<"):
            new = new.replace(mark.format(name), mark.format(other))
    before, after = (Package(package.code, {**files, path: text.encode()}) for text in (old, new))
    return before, after


def open_cases(host: Host) -> None:
    """Open the cases and bring each to its place."""
    for number in range(CASES):
        started = runtime.start_case(host, SYSTEM, product.SERVICE, {"note": str(number)})
        with host.database.read() as conn:
            found = conn.execute(
                select(task.c.instance_id, task.c.token).where(task.c.case_no == started.case_no)
            )
            instance_id, token = found.one()
        for _ in range(("first", "second", HELD_AT).index(OF_TEN[number % len(OF_TEN)])):
            runtime.complete(host, SYSTEM, f"{instance_id}-{token}", {})
            token = open_token(host, instance_id)


def open_token(host: Host, instance_id: str) -> str:
    """Return the token of a case's one open task."""
    query = select(task.c.token).where(task.c.instance_id == instance_id, task.c.state == "open")
    with host.database.read() as conn:
        return str(conn.execute(query).scalar_one())


def kept(host: Host) -> list[tuple[str, ...]]:
    """Return what migration must not change: every open task and every running timer."""
    tasks = select(task.c.instance_id, task.c.token, task.c.assignee, task.c.due_at).where(
        task.c.state == "open"
    )
    timers = select(timer.c.instance_id, timer.c.timer, timer.c.due_at)
    with host.database.read() as conn:
        return sorted(
            tuple(map(str, row)) for query in (tasks, timers) for row in conn.execute(query)
        )


def timed(outcomes: Iterator[Outcome]) -> tuple[list[Outcome], float]:
    """Return the outcomes and the seconds that all of them took."""
    began = time.perf_counter()
    found = list(outcomes)
    return found, time.perf_counter() - began


def faults(host: Host, outcomes: list[Outcome]) -> int:
    """Return how many cases are not where their outcome says, or do not replay to their state."""
    told = {one.case_no: one.outcome for one in outcomes}
    clean = {one.case_no for one in runtime.replay_all(host) if one.is_clean}
    with host.database.read() as conn:
        rows = list(instances.every(conn))
    number = {"moved": 2, "cannot": 1}
    return sum(
        row.case_no not in clean or number.get(told.get(row.case_no, "")) != row.number
        for row in rows
    )


def report() -> str:
    """Measure and return the section on migration."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=Path(__file__).parent) as folder:
        host = runtime.open_host(Settings(data_dir=Path(folder)))
        db.upgrade(host.database)
        before, after = packages()
        runtime.deploy(host, SYSTEM, before)
        open_cases(host)
        runtime.deploy(host, SYSTEM, after)
        moving = runtime.prepare_migration(host, SYSTEM, product.SERVICE, 1, 2, MAPPING)
        held = kept(host)
        looked, look_s = timed(runtime.preview_migration(moving))
        outcomes, took_s = timed(runtime.migrate(moving))
        same = kept(host) == held
        wrong = faults(host, outcomes) + (looked != outcomes)
        host.database.close()
    counts = Counter(one.outcome for one in outcomes)
    return section(counts, (look_s, took_s), wrong, same=same)


def section(counts: Counter[str], seconds: tuple[float, float], wrong: int, *, same: bool) -> str:
    """Return the section's text."""
    look_s, took_s = seconds
    total = counts.total()
    return f"""## Migration

{total:,} running cases of one service on SQLite with `synchronous=FULL`: half at a task that the
new version renames, four in ten at a task with a running timer, one in ten at a task that the new
version lacks. Each moves in a transaction and an event of its own.

- Dry run: {look_s:.1f} s, {total / look_s:,.0f} cases a second
- Migration: {took_s:.1f} s, {total / took_s:,.0f} cases a second
- Moved: {counts["moved"]:,}; stayed with the reason told: {counts["cannot"]:,}; \
not accounted for: {total - counts["moved"] - counts["cannot"]}
- Cases not where their outcome says, unlike the dry run, or not replaying to their state: {wrong}
- Open tasks and timers unchanged (id, claimant, due date): {"yes" if same else "no"}
"""
