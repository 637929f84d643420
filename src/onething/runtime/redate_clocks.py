"""Count again what is open by the calendar of now: a new holiday notice has come.

Clocks, tasks and timers of 500 cases share a transaction; each case whose days move gets one
event. A run that was interrupted is simply run again: what is done stands by the new calendar.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from onething import calendar, cases, clocks, engine, history, instances, jobs, tasks
from onething.clocks import Clock, Frame, Register
from onething.engine import Redate, Step
from onething.identity import Actor
from onething.instances import InstanceRow
from onething.jobs import TimerRow
from onething.runtime.clocking import reckon
from onething.runtime.host import Host
from onething.runtime.limit_texts import legal_limit
from onething.runtime.permissions import require_role
from onething.runtime.turn import Turn
from onething.tasks import TaskRow

AT_ONCE = 500
"""Cases of one transaction."""
REDATED = "ClocksRedated"
_YEARS = (-10, 11)
"""Years round today's that open timers may cross: no limit is longer than ten."""
_LONGEST_REST = timedelta(days=15)
"""More days than any rest on which a due day could roll."""
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
    total, last, changed = Redated(), "", _Changed(host)
    while True:
        with host.database.read() as conn:
            ids = _next(conn, host.calendar.version, last, at_once)
        if not ids:
            return
        total, last = total + host.write(partial(_batch, host, actor, changed, ids)), ids[-1]
        yield total


def _next(conn: Connection, version: str, after: str, at_once: int) -> list[str]:
    """Return the next cases with anything that an older calendar dated."""
    dated = clocks.provisional(conn, version, after, at_once)
    timed = jobs.provisional_instances(conn, after, at_once)
    return sorted({*dated, *timed})[:at_once]


def _batch(
    host: Host, actor: Actor, changed: "_Changed", ids: Sequence[str], conn: Connection
) -> Redated:
    found = clocks.of_cases(conn, ids)
    due_tasks = _by_case(tasks.dated_of(conn, ids))
    timers = _by_case(jobs.timers_of_all(conn, ids))
    total = Redated()
    for row in instances.lock_all(conn, ids):
        name = row.instance_id
        touched = [one for one in timers[name] if changed.touches(row, one)]
        case = _Case(host, conn, actor, row, found[name], due_tasks[name], touched)
        total += case.redate()
    clocks.stamp(conn, ids, host.calendar.version)
    return total


def _by_case(rows: Iterable[T]) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[row.instance_id].append(row)
    return found


class _Changed:
    """The days that are other days now than by an earlier calendar: few timers cross one."""

    def __init__(self, host: Host) -> None:
        self._zone = host.zone
        today = host.clock().astimezone(host.zone).date()
        first, last = (date(today.year + years, 1, 1) for years in _YEARS)
        days = (first + timedelta(n) for n in range((last - first).days))
        earlier = [one for one in host.calendars.values() if one.version != host.calendar.version]
        self._days = [
            day for day in days if any(one.kind(day) != host.calendar.kind(day) for one in earlier)
        ]

    def touches(self, row: InstanceRow, timer: TimerRow) -> bool:
        """Tell whether a timer may be due at another instant now."""
        if timer.provisional:
            return True
        begin = row.started_at.astimezone(self._zone).date()
        end = timer.due_at.astimezone(self._zone).date() + _LONGEST_REST
        at = bisect_left(self._days, begin)
        return at < len(self._days) and self._days[at] <= end


@dataclass(slots=True)
class _Case:
    """One case while it is counted again."""

    host: Host
    conn: Connection
    actor: Actor
    row: InstanceRow
    clocks: list[Clock]
    tasks: list[TaskRow]
    timers: list[TimerRow]

    def redate(self) -> Redated:
        """Count the case again and append its event where anything moves."""
        if self.row.status != "active":
            return Redated(cases=1)
        register = self._register()
        moved_tasks = [one for one in map(self._task, self.tasks) if one is not None]
        turn = Turn(self.host, self.conn, self.actor, self.row) if self.timers else None
        dues = self._timers(turn) if turn is not None else {}
        if not (register.changes or moved_tasks or dues):
            if turn is not None:
                turn.keep()
            return Redated(cases=1)
        turn = turn or Turn(self.host, self.conn, self.actor, self.row)
        tasks.redate(self.conn, moved_tasks)
        self._append(turn, register, moved_tasks, dues)
        return Redated(1, 1, len(register.changes), len(moved_tasks), len(dues))

    def _register(self) -> Register:
        """Count the clocks that run; a paused one is counted when it goes on."""
        frame = Frame(
            calendar=self.host.calendar,
            zone=self.host.zone,
            now=max(self.host.clock(), self.row.updated_at),
            sequence=self.row.sequence + 1,
        )
        register = Register(self.row.instance_id, self.clocks, frame)
        for clock in self.clocks:
            if clock.state == "running" and not clock.is_derived:
                register.redate(clock.clock_id, self.host.calendar.version)
        if any(register.clocks[name].kind == "handling" for name in register.changes):
            definition = self.host.definitions.get(self.conn, self.row.service, self.row.number)
            rows = cases.items(self.conn, self.row.instance_id)
            reckon(register, definition.service, {one.item_id: one.state for one in rows})
        return register

    def _task(self, task: TaskRow) -> TaskRow | None:
        """Return a task with the due instant of now; None where it stays.

        A task whose day does not follow from its limit was given it by the diagram.
        """
        limit = legal_limit(task.properties.get("limit"))
        if limit is None:
            return None
        due_at = self._due_at(task.opened_at, limit, self.host.calendar)
        if due_at == task.due_at:
            return None
        earlier = self.host.calendars.values()
        follows = any(self._due_at(task.opened_at, limit, one) == task.due_at for one in earlier)
        return replace(task, due_at=due_at) if follows else None

    def _due_at(self, start: datetime, limit: str, by: calendar.Calendar) -> datetime:
        return calendar.due_at(start, calendar.parse_limit(limit), by, self.host.zone)

    def _timers(self, turn: Turn) -> dict[str, tuple[str, bool]]:
        """Return the legal timers that are due at another instant now."""
        armed: dict[str, datetime] = {}
        running = {one.timer for one in self.timers}
        for event in history.read(self.conn, None, self.row.instance_id):
            for timer, *_place in event.effects.get("timers", ()):
                if timer in running:
                    armed.setdefault(timer, event.at)
        return engine.redated(turn.state, armed, turn.context)

    def _append(
        self,
        turn: Turn,
        register: Register,
        moved: Sequence[TaskRow],
        dues: Mapping[str, tuple[str, bool]],
    ) -> None:
        note: dict[str, Any] = {}
        if moved:
            note["tasks"] = [[one.token, one.due_at and one.due_at.isoformat()] for one in moved]
        command = Redate(dict(dues)) if dues else None
        step: Step | None = turn.apply(command) if command is not None else None
        turn.append(REDATED, command=command, step=step, register=register, note=note)
