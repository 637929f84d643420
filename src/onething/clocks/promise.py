"""The promise of a case, derived from those of its items. Pure.

What runs in a row adds up; of what runs side by side the longest counts. The case's clock has no
ledger of its own to count: its due day is that of the item that is finished last, and an entry
says whenever that day moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onething.clocks.clock import Clock
from onething.clocks.ledger import Ledger
from onething.clocks.opening import Opening, Promise
from onething.clocks.register import Register

NAME = "handling"
"""Id of a case's own clock."""


@dataclass(frozen=True, slots=True)
class Part:
    """One item as the promise sees it."""

    item_id: str
    promised: str | None
    """Its limit while its clock does not run yet; None where nothing is promised."""
    after: tuple[str, ...] = ()
    """Items that must have a result before it begins."""
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class _Finish:
    """When one item is finished at the latest."""

    on: date
    due_at: datetime
    path: tuple[str, ...]
    """The limits that lead there."""
    item_id: str
    provisional: bool
    is_paused: bool


def reckon(register: Register, parts: Sequence[Part]) -> None:
    """Let the case's own clock follow those of its items; it ends with the last of them."""
    running = [one for one in register.clocks.values() if _is_handling(one)]
    clock = register.latest(NAME)
    if not running or (clock is not None and not clock.is_open):
        return
    ends = _Reckoning(register, parts).finishes()
    if not ends:
        if clock is not None:
            register.stop(clock.clock_id)
        return
    last = max(ends, key=lambda one: one.due_at)
    promise = Promise("+".join(last.path), last.due_at, last.provisional, is_paused=last.is_paused)
    if clock is None:
        since = min(one.started_on for one in running)
        register.start(Opening("handling", "case", since=since, promise=promise))
    else:
        register.follow(clock.clock_id, promise, last.item_id)


def _is_handling(clock: Clock) -> bool:
    return clock.kind == "handling" and clock.owner == "item"


class _Reckoning:
    """The items of one case and when each is finished."""

    def __init__(self, register: Register, parts: Sequence[Part]) -> None:
        self.register = register
        self.parts: Mapping[str, Part] = {part.item_id: part for part in parts}
        self._known: dict[str, _Finish | None] = {}

    def finishes(self) -> list[_Finish]:
        """Return when each item that goes on or is still to come is finished."""
        found = [self._finish(name) for name in self.parts]
        return [one for one in found if one is not None]

    def _finish(self, item_id: str) -> _Finish | None:
        """Return when one item is finished; None for one that is over or promises nothing."""
        if item_id not in self._known:
            self._known[item_id] = None  # an item that waits for itself promises nothing
            self._known[item_id] = self._found(self.parts[item_id])
        return self._known[item_id]

    def _found(self, part: Part) -> _Finish | None:
        if part.is_over:
            return None
        clock = self.register.latest(f"{NAME}.{part.item_id}")
        if clock is not None and clock.is_open:
            return self._of_clock(part, clock)
        return None if part.promised is None else self._still_to_come(part, part.promised)

    def _of_clock(self, part: Part, clock: Clock) -> _Finish | None:
        ledger = clock.ledger("promised") or clock.ledger("statutory")
        due_at = clock.promised_due_at or clock.statutory_due_at
        if ledger is None or due_at is None:
            return None
        frame = self.register.frame
        where = (frame.calendar, frame.zone, clock.jurisdiction)
        due = ledger.due_by(due_at, *where, today=frame.today)
        path = ("+".join(map(str, ledger.parts)),)
        paused = clock.state == "paused"
        return _Finish(due.on, due_at, path, part.item_id, due.provisional, paused)

    def _still_to_come(self, part: Part, promised: str) -> _Finish:
        before = [one for one in map(self._before, part.after) if one is not None]
        last = max(before, key=lambda one: one.on, default=None)
        frame = self.register.frame
        ledger = Ledger(self._earliest(part) if last is None else last.on, promised)
        where = (frame.calendar, frame.zone, frame.jurisdiction)
        due_at = ledger.due_at(*where)
        due = ledger.due_by(due_at, *where)
        return _Finish(
            on=due.on,
            due_at=due_at,
            path=(*(() if last is None else last.path), promised),
            item_id=part.item_id if last is None else last.item_id,
            provisional=due.provisional or (last is not None and last.provisional),
            is_paused=last is not None and last.is_paused,
        )

    def _before(self, item_id: str) -> _Finish | None:
        return self._finish(item_id) if item_id in self.parts else None

    def _earliest(self, part: Part) -> date:
        """Return the day on which an item with nothing left before it could begin."""
        clocks = [self.register.latest(f"{NAME}.{name}") for name in part.after]
        zone = self.register.frame.zone
        ends = [one.ended_at.astimezone(zone).date() for one in clocks if one and one.ended_at]
        if ends:
            return max(ends)
        case = self.register.latest(NAME)
        return self.register.frame.today if case is None else case.started_on
