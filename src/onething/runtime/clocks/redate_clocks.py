"""Count again what is open by the calendar of now: a new holiday notice has come.

Clocks, tasks and timers of 500 cases share a transaction; each case whose days move gets one
event. A run that was interrupted is simply run again: what is done stands by the new calendar.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from onething import cases, clocks, db, history, instances, jobs, tasks
from onething.clocks import Register
from onething.engine import Redate
from onething.history import NewEvent
from onething.identity import Actor
from onething.instances import InstanceRow
from onething.jobs import TimerRow
from onething.runtime.clocks.redating import ChangedDays, OpenCase
from onething.runtime.host import Host, Kept
from onething.runtime.permissions import require_role
from onething.runtime.turn import Turn
from onething.tasks import TaskRow

AT_ONCE = 500
"""Cases of one transaction."""
REDATED = "ClocksRedated"
T = TypeVar("T", TaskRow, TimerRow)


@dataclass(frozen=True, slots=True)
class Redated:
    """How far a redating is."""

    cases: int = 0
    """Cases that were looked at."""
    moved: int = 0
    """Cases of which something is due on another day; each has one event more."""
    clocks: int = 0
    tasks: int = 0
    timers: int = 0

    def __add__(self, other: "Redated") -> "Redated":
        """Add what another batch did."""
        return Redated(
            cases=self.cases + other.cases,
            moved=self.moved + other.moved,
            clocks=self.clocks + other.clocks,
            tasks=self.tasks + other.tasks,
            timers=self.timers + other.timers,
        )


def redate_clocks(host: Host, actor: Actor, *, at_once: int = AT_ONCE) -> Iterator[Redated]:
    """Count open clocks, tasks and timers again; yield the sums after every transaction.

    Args:
        host: The node, with the new calendar.
        actor: An operator.
        at_once: Cases of one transaction.

    Raises:
        NotAllowed: The actor is no operator.
    """
    require_role(actor, "operator")
    return _batches(host, actor, at_once)


def _batches(host: Host, actor: Actor, at_once: int) -> Iterator[Redated]:
    with host.database.read() as conn:
        changed = ChangedDays(host, clocks.versions(conn))
    total, last = Redated(), ""
    while True:
        with host.database.read() as conn:
            ids = _next(conn, host.calendar.version, last, at_once)
        if not ids:
            return
        batch = partial(_batch, host, actor, changed, ids)
        total, last = total + host.write(batch), ids[-1]
        yield total


def _next(conn: Connection, version: str, after: str, at_once: int) -> list[str]:
    """Return the next cases with anything that an older calendar dated."""
    dated = clocks.provisional(conn, version, after, at_once)
    timed = jobs.provisional_instances(conn, after, at_once)
    return sorted({*dated, *timed})[:at_once]


def _batch(
    host: Host, actor: Actor, changed: ChangedDays, ids: Sequence[str], conn: Connection
) -> Redated:
    batch = _Batch(host, actor, conn)
    found, states = clocks.of_cases(conn, ids), cases.item_states(conn, ids)
    due_tasks = _by_case(tasks.dated_of(conn, ids))
    timers = _by_case(jobs.timers_of_all(conn, ids))
    for row in instances.lock_all(conn, ids):
        name = row.instance_id
        if row.is_live:
            case = OpenCase(host, conn, row, found[name], states[name])
            touched = [one for one in timers[name] if changed.touches(row, one)]
            batch.redate(case, due_tasks[name], touched)
    batch.write()
    clocks.stamp(conn, ids, host.calendar.version)
    return batch.done + Redated(cases=len(ids))


def _by_case(rows: Iterable[T]) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[row.instance_id].append(row)
    return found


@dataclass(slots=True)
class _Batch:
    """What one transaction moves; most of it is written at once for all its cases."""

    host: Host
    actor: Actor
    conn: Connection
    done: Redated = field(default_factory=Redated)
    moved: list[tuple[InstanceRow, Register, dict[str, Any]]] = field(default_factory=list)
    """Cases without a timer that moves, with the note of their event."""
    tasks: list[TaskRow] = field(default_factory=list)

    def redate(
        self, case: OpenCase, due_tasks: Sequence[TaskRow], timers: Sequence[TimerRow]
    ) -> None:
        """Count one case again; where a timer moves, its event is appended at once."""
        register = case.register()
        moved = [one for one in map(case.task, due_tasks) if one is not None]
        told = [[one.token, one.due_at and one.due_at.isoformat()] for one in moved]
        note = {"tasks": told} if told else {}
        self.tasks += moved
        dues = self._move_timers(case, timers, register, note) if timers else 0
        if not dues and (register.changes or moved):
            self.moved.append((case.row, register, note))
        if dues or register.changes or moved:
            self.done += Redated(0, 1, len(register.changes), len(moved), dues)

    def _move_timers(
        self, case: OpenCase, timers: Sequence[TimerRow], register: Register, note: dict[str, Any]
    ) -> int:
        """Move a case's timers and whatever else moves in one event; return how many timers."""
        key = self.host.keys.of_case(self.conn, case.row.instance_id)
        turn = Turn(self.host, self.conn, self.actor, case.row, key)
        dues = case.timers(turn, timers)
        if not dues:
            turn.keep()
            return 0
        command = Redate(dues)
        step = turn.apply(command)
        turn.append(REDATED, command=command, step=step, register=register, note=note)
        return len(dues)

    def write(self) -> None:
        """Write tasks, clocks, events and where the instances stand now."""
        tasks.redate(self.conn, self.tasks)
        clocks.save(self.conn, [register for _row, register, _note in self.moved])
        events = [self._event(*one) for one in self.moved]
        hashes = history.append_all(self.conn, self.host.keys, events)
        rows = [row for row, _register, _note in self.moved]
        instances.advance_all(self.conn, list(zip(rows, hashes, strict=True)), self.host.clock())
        db.after_commit(self.conn, partial(_keep_states, self.host, rows))

    def _event(self, row: InstanceRow, register: Register, note: dict[str, Any]) -> NewEvent:
        return NewEvent(
            instance_id=row.instance_id,
            sequence=row.sequence + 1,
            previous_hash=row.hash,
            kind=REDATED,
            actor=self.actor.user,
            post=self.actor.post_name,
            on_behalf_of=self.actor.on_behalf_of,
            at=register.frame.now,
            input=note | self.host.outside_in(row.region),
            effects={"clocks": clocks.effects(register)},
            personal={},
            key=None,
        )


def _keep_states(host: Host, rows: Sequence[InstanceRow]) -> None:
    """Let the cached states go on at the events that left them as they were."""
    for row in rows:
        kept = host.states.take(row.instance_id, row.sequence)
        if kept is not None:
            host.states.put(row.instance_id, row.sequence + 1, Kept(kept.state))
