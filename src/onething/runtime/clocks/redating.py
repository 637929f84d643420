"""One case counted again by the calendar of now: its clocks, its tasks and its legal timers."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from onething import calendar, engine, history
from onething.clocks import Clock, Frame, Register
from onething.instances import InstanceRow
from onething.jobs import TimerRow
from onething.runtime.clocks.clocking import reckon
from onething.runtime.clocks.limit_texts import legal_limit
from onething.runtime.host import Host
from onething.runtime.turn import Turn
from onething.tasks import TaskRow

_YEARS = (-10, 11)
"""Years round today's that open timers may cross: no limit is longer than ten."""
_LONGEST_REST = timedelta(days=15)
"""More days than any rest on which a due day could roll."""


class ChangedDays:
    """The days that are other days now than by earlier calendars: few timers cross one."""

    def __init__(self, host: Host, versions: Iterable[str]) -> None:
        self._zone = host.zone
        now = host.calendar
        names = [one for one in versions if one != now.version]
        earlier = [host.calendars.get(one) for one in names]
        today = host.clock().astimezone(host.zone).date()
        first, last = (date(today.year + years, 1, 1) for years in _YEARS)
        days = (first + timedelta(n) for n in range((last - first).days))
        self._days = [
            day
            for day in days
            # Of a calendar that this node does not have, every day may have been another.
            if any(one is None or one.kind(day) != now.kind(day) for one in earlier)
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
class OpenCase:
    """What is open of one case, to be counted again."""

    host: Host
    conn: Connection
    row: InstanceRow
    clocks: Sequence[Clock]
    items: Mapping[str, str]
    """States of the items by id."""

    def register(self) -> Register:
        """Count the clocks that run; a paused one is counted when it goes on."""
        frame = Frame(
            calendar=self.host.calendar,
            zone=self.host.zone,
            now=max(self.host.clock(), self.row.updated_at),
            sequence=self.row.sequence + 1,
            jurisdiction=self._jurisdiction,
        )
        register = Register(self.row.instance_id, self.clocks, frame)
        for clock in self.clocks:
            if clock.state == "running" and not clock.is_derived:
                register.redate(clock.clock_id, self.host.calendar.version)
        if any(register.clocks[name].kind == "handling" for name in register.changes):
            definition = self.host.definitions.get(self.conn, self.row.service, self.row.number)
            reckon(register, definition.service, self.items)
        return register

    def task(self, task: TaskRow) -> TaskRow | None:
        """Return a task with the due instant of now; None where it stays.

        A task whose day does not follow from its limit was given it by the diagram.
        """
        limit = legal_limit(task.properties.get("limit"))
        if limit is None:
            return None
        due_at = self._due_at(task.opened_at, limit, self.host.calendar)
        if due_at == task.due_at:
            return None
        earlier = reversed(list(self.host.calendars.values()))
        follows = any(self._due_at(task.opened_at, limit, one) == task.due_at for one in earlier)
        return replace(task, due_at=due_at) if follows else None

    def _due_at(self, start: datetime, limit: str, by: calendar.Calendar) -> datetime:
        length = calendar.parse_limit(limit)
        return calendar.due_at(start, length, by, self.host.zone, jurisdiction=self._jurisdiction)

    @property
    def _jurisdiction(self) -> str:
        return calendar.jurisdiction_of(self.row.region)

    def timers(self, turn: Turn, running: Sequence[TimerRow]) -> dict[str, tuple[str, bool]]:
        """Return those of some legal timers that are due at another instant now."""
        armed: dict[str, datetime] = {}
        wanted = {one.timer for one in running}
        for event in history.read(self.conn, None, self.row.instance_id):
            for timer, *_place in event.effects.get("timers", ()):
                if timer in wanted:
                    armed.setdefault(timer, event.at)
        return engine.redated(turn.state, armed, turn.context)
