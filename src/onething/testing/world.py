"""The world a scenario plays in: a real node in memory, a fake clock, the simulator."""

import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from flask import Flask

from onething import runtime
from onething.connectors import HttpConnector
from onething.db import Database
from onething.definitions import Package
from onething.identity import SYSTEM, Actor
from onething.now import FakeClock
from onething.runtime import Host
from onething.settings import Settings
from onething.testing import databases

SimulatorApp = Callable[..., Flask]
"""Makes the simulator's application: `(records, clock, pause)`."""
Records = Callable[[], Any]
"""Opens the records in memory that a scenario starts from."""

APPLICANT = Actor("applicant", "申请人", frozenset({"applicant"}))
HELPER = Actor("helper", "帮办", frozenset({"helper"}))
PARTIES = {"applicant": APPLICANT, "helper": HELPER}


class World:
    """One node with deployed packages and simulated departments, on an empty database.

    Where no database is given, it is a throw-away one.
    """

    def __init__(
        self,
        now: datetime,
        simulator: SimulatorApp,
        records: Records,
        database: Database | None = None,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="onething-")
        self.clock = FakeClock(now)
        self._simulator = simulator
        self._records = records
        departments = self._departments()
        self.host: Host = runtime.open_host(
            Settings(data_dir=Path(self._folder.name)),
            clock=self.clock,
            departments=departments,
            database=database or databases.throwaway(),
        )
        self.host.database.create()

    def _departments(self) -> HttpConnector:
        """Simulate departments that know nobody yet, and return the way to them."""
        self.records = self._records()
        app = self._simulator(self.records, self.clock, lambda _seconds: None)
        self.exchange = app.extensions["exchange"]
        self._client = httpx.Client(transport=httpx.WSGITransport(app))
        return HttpConnector({"*": "http://departments"}, self._client)

    def begin_anew(self, now: datetime) -> None:
        """Set the clock, backwards too, and let the departments know nobody; cases stay."""
        self._client.close()
        self.records.close()
        self.clock = self.host.clock = FakeClock(now)
        self.host.departments = self._departments()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let everything go."""
        self.host.access_log.flush()
        self.host.database.close()
        self._client.close()
        self.records.close()
        self._folder.cleanup()

    def deploy(self, package: Package) -> None:
        """Deploy a package."""
        runtime.deploy(self.host, SYSTEM, package)

    def give(self, given: Mapping[str, Any]) -> None:
        """Load a record into the simulator, or set a fault.

        Raises:
            ValueError: It is neither.
        """
        if "record" in given:
            row = {name: value for name, value in given.items() if name != "record"}
            self.records.load(given["record"], [row])
        elif "fault" in given:
            operation, times = given.get("operation"), given.get("times")
            self.exchange.faults.set(given["fault"], given["mode"], operation, times)
        else:
            raise ValueError("given is a record or a fault")

    def received(self, case_no: str) -> list[dict[str, Any]]:
        """Return what departments were sent for a case, in order."""
        return [dict(one) for one in self.exchange.received(case_no)]


def person(text: str) -> Actor:
    """Return who acts: `applicant`, `helper`, a role, or `department.post@region`."""
    if text in PARTIES:
        return PARTIES[text]
    place, _, region = text.partition("@")
    department, _, post = place.partition(".")
    if text in ("operator", "auditor", "designer"):
        return Actor(text, text, frozenset({text}))  # type: ignore[arg-type]
    return Actor(
        user=text,
        name=text,
        roles=frozenset({"clerk"}),
        department=department,
        post=post or None,
        region=region or None,
    )
