"""A state from its history: what a snapshot caches, and what replay proves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from onething import engine, history, instances
from onething.definitions import Definition
from onething.engine import Start, Step
from onething.errors import HistoryBroken
from onething.history import Event
from onething.instances import InstanceRow
from onething.runtime.host import Host
from onething.runtime.record import join
from onething.runtime.sealing import CaseSeal


@dataclass(frozen=True, slots=True)
class Replayed:
    """One event executed again."""

    event: Event
    step: Step | None
    """None for an event that the engine has no part in."""

    @property
    def diverges(self) -> bool:
        """Whether the state differs from what the event recorded."""
        if self.step is None:
            return False
        recorded = (self.event.personal or {}).get("digest")
        return bool(engine.digest(self.step.state).hex() != recorded)


def rebuild(host: Host, conn: Connection, row: InstanceRow, definition: Definition) -> Any:  # noqa: ANN401 - the engine's opaque state
    """Return the newest state of an instance from its snapshot and the events after it.

    Raises:
        HistoryBroken: The history has no readable beginning.
    """
    state, after = _stored(host, conn, row, definition)
    for one in replay_events(host, conn, row.instance_id, definition, state, after):
        if one.step is not None:
            state = one.step.state
    if state is None:
        raise HistoryBroken(f"The instance {row.instance_id} has no state to go on from")
    return state


def replay_events(  # noqa: PLR0913 - where to begin and with what
    host: Host,
    conn: Connection,
    instance_id: str,
    definition: Definition,
    state: Any = None,  # noqa: ANN401 - the engine's opaque state
    after: int = 0,
) -> Iterator[Replayed]:
    """Execute the events of an instance again, one by one, from its first or after one.

    Each is executed at its own instant, by the calendar and in the zone that it names.

    Raises:
        HistoryBroken: An event cannot be read, its values were erased, or nothing comes first.
    """
    for event in history.read(conn, host.keys, instance_id, after=after):
        if event.personal is None:
            raise HistoryBroken(f"The personal values of {instance_id} were erased")
        command = join(event.input, event.personal.get("input", {}))
        if command is None:
            yield Replayed(event, None)
            continue
        context = host.context(event.at, event.input.get("calendar"), event.input.get("zone"))
        if isinstance(command, Start):
            step = engine.start(definition.process, command, context)
        elif state is None:
            raise HistoryBroken(f"The history of {instance_id} does not begin with a start")
        else:
            step = engine.apply(definition.process, state, command, context)
        state = step.state
        yield Replayed(event, step)


def _stored(
    host: Host, conn: Connection, row: InstanceRow, definition: Definition
) -> tuple[Any, int]:
    stored = instances.stored_state(conn, row.instance_id)
    if stored is None:
        return None, 0
    sequence, sealed = stored
    data = CaseSeal(host.keys.of_case(conn, row.instance_id)).open_state(sealed)
    return engine.restore(definition.process, data), sequence
