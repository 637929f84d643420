"""A node in memory that runs any bundle of diagrams, without a service around them."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from onething import (
    definitions,
    engine,
    history,
    incidents,
    instances,
    jobs,
    messages,
    runtime,
    tasks,
)
from onething.definitions import Definition, Package
from onething.identity import SYSTEM
from onething.instances import InstanceRow
from onething.jobs import JobRow
from onething.now import FakeClock
from onething.runtime import Host
from onething.runtime.jobs.perform_job import perform
from onething.runtime.sealing import CaseSeal
from onething.runtime.turn import Turn
from onething.settings import Settings
from onething.testing import databases

CODE = "diagrams"
_BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
_MANIFEST = f"""code = "{CODE}"
name = "{CODE}"
life_stage = "工作"
theme = "999"
process = ""
application = ""
lanes = []
items = []
"""
_MOST_DELIVERIES = 500
"""So many messages and signals follow one operation; more are thrown without end."""


_MOST_TASKS = 10_000


@dataclass(frozen=True, slots=True)
class Work:
    """What a person or a machine has to do."""

    instance_id: str
    token: str
    activity: str
    name: str
    is_job: bool


class Node:
    """One node with an empty database in memory, a fake clock and one bundle.

    Every state is stored and read again between two commands.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="onething-")
        self.clock = FakeClock(_BEGIN)
        settings = Settings(data_dir=Path(self._folder.name), snapshot_every=1, state_cache_size=0)
        self.host: Host = runtime.open_host(
            settings, clock=self.clock, database=databases.throwaway()
        )
        self.host.database.create()
        self.is_flooded = False

    def close(self) -> None:
        """Let everything go."""
        self.host.access_log.flush()
        self.host.database.close()
        self._folder.cleanup()

    def deploy(self, files: Mapping[str, bytes]) -> None:
        """Deploy diagrams and decisions; raise ModelRefused where they do not compile."""
        inside = {f"bpmn/{CODE}/{name}": data for name, data in files.items()}
        package = Package(CODE, {f"bpmn/{CODE}/service.toml": _MANIFEST.encode(), **inside})
        Definition(package).process  # noqa: B018 - refuses now what could not run later
        now = self.clock()
        self.host.write(lambda conn: definitions.add(conn, package, SYSTEM.user, now))

    def start(self, process: str, variables: Mapping[str, Any]) -> None:
        """Start a process."""
        runtime.start_process(self.host, SYSTEM, CODE, process, variables)
        self._deliver()

    def message(self, name: str, payload: Mapping[str, Any]) -> int:
        """Send a message to whoever waits for its name, whatever the key; say whether it came."""
        with self.host.database.read() as conn:
            found = [
                one
                for row in self.instances(conn)
                for one in messages.of_instance(conn, row.instance_id)
                if (one.kind, one.name) == ("message", name)
            ]
        key = found[0].key if found else None
        receipt = runtime.correlate(self.host, SYSTEM, name, correlation_key=key, payload=payload)
        self._deliver()
        return int(receipt is not None)

    def signal(self, name: str, payload: Mapping[str, Any]) -> int:
        """Broadcast a signal; return how many caught it."""
        receipts = runtime.broadcast(self.host, SYSTEM, name, payload)
        self._deliver()
        return len(receipts)

    def complete(self, work: Work, variables: Mapping[str, Any]) -> None:
        """Complete a task or answer a job."""
        if work.is_job:
            command = engine.CompleteJob(work.token, variables)
            self.apply(work.instance_id, "JobCompleted", command)
        else:
            done = engine.CompleteTask(work.token, variables)
            self.apply(work.instance_id, "TaskCompleted", done)

    def apply(self, instance_id: str, kind: str, command: engine.Command) -> None:
        """Give one instance a command."""
        self.host.write(
            lambda conn: Turn.on(self.host, conn, SYSTEM, instance_id).step(kind, command)
        )
        self._deliver()

    def advance(self, by: timedelta) -> None:
        """Move the clock on; each timer fires at its time."""
        until = self.clock() + by
        for _ in range(_MOST_DELIVERIES):
            with self.host.database.read() as conn:
                due = jobs.due_timers(conn, until, 1)
            if not due:
                break
            self.clock.move_to(max(due[0].due_at, self.clock()))
            runtime.fire_timers(self.host, 1)
            self._deliver()
        self.clock.move_to(until)

    def _deliver(self) -> None:
        """Deliver what was thrown, and what that throws in turn."""
        left = _MOST_DELIVERIES
        while queued := self._queued("message", "signal"):
            left -= len(queued)
            if left < 0:
                self.is_flooded = True
                return
            for row in queued:
                perform(self.host, row)

    def _queued(self, *kinds: str) -> list[JobRow]:
        with self.host.database.read() as conn:
            return [
                job
                for row in self.instances(conn)
                for job in jobs.of_instance(conn, row.instance_id)
                if job.kind in kinds and job.state == "queued"
            ]

    # -- what is so now -------------------------------------------------------------------

    def instances(self, conn: Connection | None = None) -> list[InstanceRow]:
        """Return all instances in the order of their start."""
        if conn is None:
            with self.host.database.read() as own:
                return self.instances(own)
        return sorted(instances.every(conn), key=lambda row: row.case_no)

    def work(self) -> list[Work]:
        """Return what people and machines have to do, oldest first."""
        with self.host.database.read() as conn:
            return [
                one
                for row in self.instances(conn)
                for one in sorted(self._work_of(conn, row), key=lambda one: int(one.token))
            ]

    def _work_of(self, conn: Connection, row: InstanceRow) -> Iterator[Work]:
        wanted = tasks.Filter(instance_id=row.instance_id)
        for task in tasks.worklist(conn, wanted, limit=_MOST_TASKS):
            yield Work(row.instance_id, task.token, task.activity, task.name, is_job=False)
        seal = CaseSeal(self.host.keys.of_case(conn, row.instance_id))
        for job in jobs.of_instance(conn, row.instance_id):
            if job.kind == "job" and job.state == "queued":
                told = seal.open(job.payload)["activity"]
                yield Work(row.instance_id, job.token or "", told, told, is_job=True)

    def problems(self) -> list[str]:
        """Return what incidents tell, and whether messages are thrown without end."""
        with self.host.database.read() as conn:
            found = [one.message for one in incidents.listing(conn, limit=_MOST_TASKS)]
        return found + ["messages and signals are thrown without end"] * self.is_flooded

    def waiting_events(self) -> list[str]:
        """Return the nodes at which running instances wait."""
        found: set[str] = set()
        for row in self.instances():
            if row.status == "active":
                found.update(self.host.write(partial(self._waits_of, row)))
        return sorted(found)

    def _waits_of(self, row: InstanceRow, conn: Connection) -> list[str]:
        turn = Turn.on(self.host, conn, SYSTEM, row.instance_id)
        held = [token.spec.bpmn_id for token in turn.state.tokens.values()]
        timers = [one.activity for one in jobs.timers_of(conn, row.instance_id)]
        told = [one.activity for one in messages.of_instance(conn, row.instance_id)]
        return [*held, *timers, *told]

    def events(self) -> Iterator[history.Event]:
        """Yield the history of every instance."""
        with self.host.database.read() as conn:
            for row in self.instances(conn):
                yield from history.read(conn, self.host.keys, row.instance_id)
