"""A state from its history: what a snapshot caches, and what replay proves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from onething import engine, history, instances, metrics
from onething.definitions import Definition
from onething.engine import Context, Counterparts, Start, Step
from onething.errors import CaseArchived, HistoryBroken, NotFound
from onething.history import Event
from onething.instances import InstanceRow
from onething.runtime.host import Host
from onething.runtime.record import join
from onething.runtime.sealing import CaseSeal

ARCHIVED = "archived"
"""Status of an instance whose rows are in an archive file, or on their way there."""
MIGRATED = "Migrated"
"""Kind of the event with which an instance goes on in another deployment."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One event executed again."""

    event: Event
    step: Step | None
    """None for an event that the engine has no part in."""
    definition: Definition
    """The deployment in which the instance stands after it."""

    @property
    def diverges(self) -> bool:
        """Whether the state differs from what the event recorded."""
        if self.step is None:
            return False
        recorded = (self.event.personal or {}).get("digest")
        return bool(engine.digest(self.step.state).hex() != recorded)


def rebuild(host: Host, conn: Connection, row: InstanceRow) -> Any:  # noqa: ANN401 - the engine's opaque state
    """Return the newest state of an instance from its snapshot and the events after it.

    Raises:
        CaseArchived: The history is in an archive file.
        HistoryBroken: The history has no readable beginning.
    """
    if row.status == ARCHIVED:
        raise CaseArchived
    state, after = _stored(host, conn, row)
    for one in replay_events(host, conn, row, state, after):
        if one.step is not None:
            state = one.step.state
    if state is None:
        raise HistoryBroken(f"The instance {row.instance_id} has no state to go on from")
    return state


def replay_events(
    host: Host,
    conn: Connection,
    row: InstanceRow,
    state: Any = None,  # noqa: ANN401 - the engine's opaque state
    after: int = 0,
) -> Iterator[Replayed]:
    """Execute the events of an instance again, one by one, from its first or after one.

    Each is executed at its own instant, by the calendar and in the zone that it names, in the
    deployment in which the instance stood: the first event names it, and every migration.

    Raises:
        HistoryBroken: An event cannot be read, its values were erased, or nothing comes first.
    """
    run = _Execution(host, conn, row, state)
    for event in history.read(conn, host.keys, row.instance_id, after=after):
        if event.personal is None:
            raise HistoryBroken(f"The personal values of {row.instance_id} were erased")
        metrics.event_replayed()
        yield run.execute(event, event.personal)


class _Execution:
    """The state of one instance while its events are executed again."""

    def __init__(self, host: Host, conn: Connection, row: InstanceRow, state: Any) -> None:  # noqa: ANN401 - the engine's opaque state
        self.host = host
        self.conn = conn
        self.row = row
        self.state = state
        # A stored state is never older than the last migration.
        self.definition = host.definitions.get(conn, row.service, row.number)

    def execute(self, event: Event, personal: Mapping[str, Any]) -> Replayed:
        """Execute one event on the state that the events before it gave."""
        step = self._step(event, personal)
        if step is not None:
            self.state = step.state
        return Replayed(event, step, self.definition)

    def _step(self, event: Event, personal: Mapping[str, Any]) -> Step | None:
        told = event.input
        context = self.host.context(event.at, told)
        if event.kind == MIGRATED:
            return self._migrate(told, context)
        command = join(told, personal.get("input", {}))
        if command is None:
            return None
        if isinstance(command, Start):
            number = str(told.get("deployment", "")).rpartition("@")[2]
            self.definition = self._deployment(number or self.row.number)
            return engine.start(self.definition.process, command, context)
        return engine.apply(self.definition.process, self._begun, command, context)

    @property
    def _begun(self) -> Any:  # noqa: ANN401 - the engine's opaque state
        if self.state is None:
            told = f"The history of {self.row.instance_id} does not begin with a start"
            raise HistoryBroken(told)
        return self.state

    def _migrate(self, told: Mapping[str, Any], context: Context) -> Step:
        target = self._deployment(told["to"])
        if target.package.hash != told["to_hash"]:
            raise HistoryBroken(f"{target.name} is not what {self.row.instance_id} was moved to")
        parts = Counterparts(self.definition.process, target.process, told["mapping"])
        answer = engine.migrate(parts, self._begun, context)
        if answer.step is None:
            told_why = answer.obstacles[0].message
            raise HistoryBroken(f"{self.row.instance_id} cannot move to {target.name}: {told_why}")
        self.definition = target
        return answer.step

    def _deployment(self, number: int | str) -> Definition:
        try:
            return self.host.definitions.get(self.conn, self.row.service, int(number))
        except (ValueError, NotFound) as error:
            told = f"There is no deployment {self.row.service}@{number}"
            raise HistoryBroken(told) from error


def _stored(host: Host, conn: Connection, row: InstanceRow) -> tuple[Any, int]:
    stored = instances.stored_state(conn, row.instance_id)
    if stored is None:
        return None, 0
    sequence, sealed = stored
    data = CaseSeal(host.keys.of_case(conn, row.instance_id)).open_state(sealed)
    definition = host.definitions.get(conn, row.service, row.number)
    return engine.restore(definition.process, data), sequence
