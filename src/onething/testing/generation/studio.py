"""Plays cases through the real runtime, one at a time, and hands out their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Table, delete, insert, inspect, select, text

from onething import runtime
from onething.db import metadata
from onething.errors import OnethingError
from onething.history import Keys
from onething.identity import Actor
from onething.materials import Store
from onething.testing.generation.people import recast
from onething.testing.generation.plans import Plan, Shelf
from onething.testing.player import Played, Run
from onething.testing.scenario import Scenario
from onething.testing.world import PARTIES, Records, SimulatorApp, World

Rows = dict[str, list[dict[str, Any]]]
"""Rows by table, as the database gives them."""
Drawn = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows of the tables that keep the last running numbers, by table."""
_NUMBERS = ("serial", "document_number")
_SERIALS_OF_ONE = 20_000
_DOCUMENTS_OF_ONE = 10_000_000
_LATE = timedelta(days=12)
_LATE_SHARE = 0.02
_APPLICANTS = 50_000


def owned_tables() -> list[Table]:
    """Return the tables whose rows belong to one instance, those that others refer to first."""
    return [one for one in metadata.sorted_tables if "instance_id" in one.primary_key.columns]


@dataclass(frozen=True, slots=True)
class Take:
    """One case that was played."""

    plan: Plan
    rows: Rows

    @property
    def is_open(self) -> bool:
        """Whether the case still goes on."""
        return bool(self.rows["case"][0]["state"] != "CLOSED")

    @property
    def weight(self) -> float:
        """How often it is cloned: small cases more often, late ones seldom."""
        rows = sum(len(found) for name, found in self.rows.items() if not name.startswith("event"))
        return (_LATE_SHARE if self.plan.is_late else 1) / rows**2

    @property
    def shape(self) -> tuple[object, ...]:
        """What a case must have in common with another take of the same plan."""
        tasks = sorted((row["activity"], row["state"]) for row in self.rows.get("task", ()))
        items = sorted((row["item_id"], row["state"]) for row in self.rows["item"])
        return self.rows["case"][0]["state"], self.rows["case"][0]["result"], *tasks, *items


class Studio:
    """A world of its own in which cases are played and from which they leave at once."""

    def __init__(
        self, shelf: Shelf, simulator: SimulatorApp, records: Records, keys: Keys, store: Store
    ) -> None:
        self.shelf = shelf
        self._place = 0
        self._world = World(datetime(2026, 1, 1, tzinfo=UTC), simulator, records)
        self._world.host.keys, self._world.host.store = keys, store
        self._world.host.database.write(_unguard)
        for code in shelf.codes():
            self._world.deploy(shelf.package(code))
        self._leaving = [*owned_tables(), metadata.tables["open_subject"]]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._world.close()

    def number_behind(self, drawn: Drawn, place: int) -> None:
        """Draw running numbers from here on that a studio at another place does not draw.

        Args:
            drawn: What was drawn when every plan was played once.
            place: Number of this studio, from 0.
        """
        self._place = place
        apart = {"serial": place * _SERIALS_OF_ONE, "document_number": place * _DOCUMENTS_OF_ONE}

        def command(conn: Connection) -> None:
            for name, rows in drawn.items():
                behind = [{**row, "last": row["last"] + apart[name]} for row in rows]
                conn.execute(insert(metadata.tables[name]), behind)

        self._world.host.database.write(command)

    def take(self, plan: Plan, random: Random) -> Take | None:
        """Play a plan with other people; None when they make the application one to refuse."""
        told = {"given": plan.scenario.given, "steps": plan.scenario.steps}
        cast = recast(told, random, self._place)
        scenario = replace(plan.scenario, given=cast["given"], steps=cast["steps"][: plan.steps])
        self._world.begin_anew(plan.begins_at(random))
        for given in scenario.given:
            self._world.give(given)
        applicant = f"made-up-{random.randrange(_APPLICANTS):05d}"
        run = _Run(self._world, scenario, applicant)
        try:
            for step in scenario.steps:
                run.take(step)
            if plan.is_late:
                self._be_late()
        except OnethingError:
            self._leave()
            return None
        return Take(plan, self._leave())

    def drawn(self) -> Drawn:
        """Return the last running numbers drawn."""
        with self._world.host.database.read() as conn:
            return {name: _all(conn, metadata.tables[name]) for name in _NUMBERS}

    def _be_late(self) -> None:
        self._world.clock.advance(_LATE)
        runtime.raise_cards(self._world.host, every=True)

    def _leave(self) -> Rows:
        return self._world.host.database.write(self._taken_out)

    def _taken_out(self, conn: Connection) -> Rows:
        rows = {table.name: _all(conn, table) for table in self._leaving}
        for table in reversed(self._leaving):
            conn.execute(delete(table))
        return {name: found for name, found in rows.items() if found}


class _Run(Run):
    """A run in which the applicant is somebody else each time."""

    def __init__(self, world: World, scenario: Scenario, applicant: str) -> None:
        super().__init__(world, scenario, Played(scenario))
        self._applicant = applicant

    def cast(self, role: str) -> Actor:
        """Return who acts."""
        party = PARTIES.get(role)
        return super().cast(role) if party is None else replace(party, user=self._applicant)


def _all(conn: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in conn.execute(select(table)).mappings()]


def _unguard(conn: Connection) -> None:
    """Let rows leave this throw-away database: its copies elsewhere are guarded."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SET session_replication_role = replica"))
        return
    for table in inspect(conn).get_table_names():
        for verb in ("update", "delete"):
            conn.execute(text(f'DROP TRIGGER IF EXISTS "{table}_no_{verb}"'))
