"""The register of a case: all its clocks, what may be done with them, and what came of it. Pure.

A command moves clocks here; the register refuses what the law or plain sense refuses and
keeps what changed as effects for the event. Folding the effects of a history gives the same
clocks again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from onething.calendar import parse_limit
from onething.clocks.clock import Clock, State
from onething.clocks.dating import Frame, dated
from onething.clocks.ledger import Entry, EntryKind
from onething.clocks.opening import Opening, Promise, Why, opened, promised
from onething.errors import ClockRefused


@dataclass(slots=True)
class Change:
    """What a command did to one clock."""

    is_new: bool
    entries: list[Entry] = field(default_factory=list)


class Register:
    """The clocks of one case within one command."""

    def __init__(self, instance_id: str, clocks: Iterable[Clock], frame: Frame) -> None:
        self.instance_id = instance_id
        self.frame = frame
        self.clocks = {one.clock_id: one for one in clocks}
        self.changes: dict[str, Change] = {}

    def open(self, *kinds: str, item_id: str | None = None) -> Iterator[Clock]:
        """Yield the clocks that run or are paused, of some kinds and of one item if asked."""
        for one in list(self.clocks.values()):
            of_kind = not kinds or one.kind in kinds
            if one.is_open and of_kind and item_id in (None, one.item_id):
                yield one

    def latest(self, name: str) -> Clock | None:
        """Return the clock of a name that started last, open or not."""
        return self.clocks.get(_numbered(name, self._count(name)))

    def start(self, opening: Opening) -> Clock:
        """Start a clock.

        Raises:
            ClockRefused: Another one of the same name is still open.
            CalendarError: A limit cannot be read.
        """
        before = self.latest(opening.name)
        if before is not None and before.is_open:
            raise ClockRefused("running", f"The clock {before.clock_id} runs already")
        name = _numbered(opening.name, self._count(opening.name) + 1)
        clock = opened(self.instance_id, name, opening, self.frame)
        self.changes[clock.clock_id] = Change(is_new=True)
        why = Why(opening.reason, opening.approver, opening.basis)
        last = self.frame.today if opening.is_deemed else None
        kind: EntryKind = "deemed" if opening.is_deemed else "start"
        return self._enter(clock, kind, why, first=clock.started_on, last=last)

    def pause(
        self,
        clock_id: str,
        why: Why,
        *,
        kind: EntryKind = "pause",
        first: date | None = None,
        last: date | None = None,
    ) -> Clock:
        """Pause a clock from a day on, today if none is given.

        Raises:
            ClockRefused: It has ended, is paused for the same reason, or the days
                are impossible.
        """
        clock = self._counted(clock_id)
        first = first or self.frame.today
        if any(one.reason == why.reason for one in _open_pauses(clock)):
            told = f"The clock {clock_id} is paused for this reason already: {why.reason}"
            raise ClockRefused("paused", told)
        self._require_days(clock, first, last)
        state: State = "paused" if last is None else clock.state
        return self._enter(replace(clock, state=state), kind, why, first=first, last=last)

    def require_unpaused(self, clock_id: str, first: date | None, last: date | None) -> None:
        """Raise ClockRefused where days from first to last belong to another pause already."""
        clock, today = self._moving(clock_id), self.frame.today
        ledger = clock.ledger("statutory") or clock.ledger("promised")
        begin, end = first or today, last or today
        for other_first, other_last in ledger.pauses(today) if ledger is not None else ():
            if begin <= other_last and other_first <= end:
                told = f"The clock {clock_id} is paused on these days already"
                raise ClockRefused("overlap", f"{told}: {other_first} to {other_last}")
        if _open_pauses(clock):
            raise ClockRefused("paused", f"The clock {clock_id} is paused already")

    def resume(self, clock_id: str, why: Why) -> Clock:
        """End a pause: of the same reason, else the newest one.

        The day of the event does not count yet; what ends at midnight ends at 24:00 of the day
        before.

        Raises:
            ClockRefused: The clock is not paused.

        Source: 民法典 201. That a resumption is such an event is an assumption.
        """
        clock = self._counted(clock_id)
        pauses = _open_pauses(clock)
        if not pauses:
            raise ClockRefused("unpaused", f"The clock {clock_id} is not paused")
        state: State = "running" if len(pauses) == 1 else "paused"
        resumed = replace(clock, state=state)
        return self._enter(resumed, "resume", why, first=self.frame.next_day)

    def extend(self, clock_id: str, limit: str, why: Why) -> Clock:
        """Lengthen a clock, once.

        Raises:
            ClockRefused: It was extended before, or nobody or nothing stands for it.
            CalendarError: The limit cannot be read.

        Source: 行政许可法 第四十二条.
        """
        clock = self._counted(clock_id)
        if any(entry.kind == "extension" for entry in clock.entries):
            told = f"The clock {clock_id} was extended before: the law allows it once"
            raise ClockRefused("extended", told)
        if not clock.counts_days:
            told = f"The clock {clock_id} counts office hours, which nobody extends"
            raise ClockRefused("fixed", told)
        if not why.reason.strip() or not why.approver:
            raise ClockRefused("approver", "An extension needs a reason and who approved it")
        if parse_limit(limit).n < 1:
            raise ClockRefused("nothing", "An extension adds at least one day")
        return self._enter(clock, "extension", why, limit=limit)

    def stop(self, clock_id: str, why: Why | None = None, *, state: State = "stopped") -> Clock:
        """End a clock; what paused it ends with it."""
        clock = self._moving(clock_id)
        ended = replace(clock, state=state, ended_at=self.frame.now)
        return self._enter(ended, "stop", why or Why())

    def deem(self, clock_id: str, why: Why) -> Clock:
        """Note on a reception clock that has run out that the case counts as accepted.

        The acceptance goes back to the day on which the materials came.

        Source: 行政许可法 第三十二条第四项.
        """
        clock = self.clocks[clock_id]
        today = self.frame.today
        return self._enter(clock, "deemed", why, first=clock.started_on, last=today)

    def last_notice(self, department: str | None) -> Clock | None:
        """Return the clock of a department's newest notice to supplement; None before any."""
        found = [one for one in self.clocks.values() if one.kind == "supplement"]
        return next((one for one in reversed(found) if one.department == department), None)

    def permit(self, department: str, why: Why) -> Clock:
        """Let a department ask for a supplement once more.

        Raises:
            ClockRefused: It has not asked yet, still waits, or is permitted already.

        Source: 行政许可法 第三十二条第四项 (everything at once); the permission is an assumption.
        """
        last = self.last_notice(department)
        if last is None:
            raise ClockRefused("first", f"{department} has sent no notice yet: none is needed")
        if last.is_open:
            raise ClockRefused("waiting", f"The first notice of {department} still waits")
        if last.entries[-1].kind == "permit":
            raise ClockRefused("permitted", f"{department} may send a second notice already")
        return self._enter(last, "permit", why)

    def note_shared(self, clock_id: str, material: str) -> Clock:
        """Note that a notice to supplement asks for a material that shared data supply."""
        return self._enter(self._moving(clock_id), "shared", Why(material))

    def redate(self, clock_id: str, reason: str) -> bool:
        """Count a clock again by the frame's calendar; tell whether anything is different."""
        clock = self._moving(clock_id)
        if clock.is_derived:
            return False
        again = dated(clock, self.frame)
        if _dates(again) == _dates(clock):
            self.clocks[clock_id] = again
            return False
        self._enter(clock, "redated", Why(reason))
        return True

    def follow(self, clock_id: str, promise: Promise, item_id: str) -> None:
        """Let a case's own clock follow its items; it moves no day while nobody knows it."""
        clock = self._moving(clock_id)
        state: State = "paused" if promise.is_paused else "running"
        moves = not promise.is_paused and promise.due_at != clock.promised_due_at
        if not moves and state == clock.state:
            return
        moved = replace(clock, state=state)
        if not moves:
            self.clocks[clock_id] = moved
            self.changes.setdefault(clock_id, Change(is_new=False))
            return
        last = promise.due_at.astimezone(self.frame.zone).date()
        why = Why(f"{clock.kind}.{item_id}")
        self._enter(promised(moved, promise), "redated", why, last=last)

    def _moving(self, clock_id: str) -> Clock:
        clock = self.clocks.get(clock_id)
        if clock is None:
            raise ClockRefused("missing", f"The case has no clock {clock_id}")
        if not clock.is_open:
            raise ClockRefused("ended", f"The clock {clock_id} has ended")
        return clock

    def _counted(self, clock_id: str) -> Clock:
        clock = self._moving(clock_id)
        if clock.is_derived:
            raise ClockRefused("derived", f"The clock {clock_id} follows those of its items")
        return clock

    def _require_days(self, clock: Clock, first: date, last: date | None) -> None:
        if first > self.frame.today:
            raise ClockRefused("future", f"A pause cannot begin in the future: {first}")
        if first < clock.started_on:
            told = f"The clock {clock.clock_id} began on {clock.started_on}, after {first}"
            raise ClockRefused("before", told)
        if last is not None and last > self.frame.today:
            raise ClockRefused("future-end", f"The end of a pause lies in the future: {last}")
        if last is not None and last < first:
            raise ClockRefused("reversed", f"A pause ends before it begins: {first} to {last}")

    def _count(self, name: str) -> int:
        return sum(one.partition("#")[0] == name for one in self.clocks)

    def _enter(  # noqa: PLR0913 - the parts of one entry
        self,
        clock: Clock,
        kind: EntryKind,
        why: Why,
        *,
        first: date | None = None,
        last: date | None = None,
        limit: str | None = None,
    ) -> Clock:
        entry = Entry(
            number=len(clock.entries) + 1,
            kind=kind,
            first=first or self.frame.today,
            last=last,
            limit=limit,
            reason=why.reason,
            approver=why.approver,
            basis=why.basis,
            sequence=self.frame.sequence,
        )
        entered = replace(clock, entries=(*clock.entries, entry))
        if entered.is_open and not entered.is_derived:
            entered = dated(entered, self.frame)
        self.clocks[clock.clock_id] = entered
        self.changes.setdefault(clock.clock_id, Change(is_new=False)).entries.append(entry)
        return entered


def _numbered(name: str, number: int) -> str:
    return name if number <= 1 else f"{name}#{number}"


def _dates(clock: Clock) -> tuple[datetime | None, datetime | None, bool]:
    return clock.statutory_due_at, clock.promised_due_at, clock.provisional


def _open_pauses(clock: Clock) -> list[Entry]:
    ledger = clock.ledger("statutory") or clock.ledger("promised")
    return ledger.open_pauses if ledger is not None else []
