"""The register of a case: all its clocks, what may be done with them, and what came of it. Pure.

A command moves clocks here; the register refuses what the law or plain sense refuses and
keeps what changed as effects for the event. Folding the effects of a history gives the same
clocks again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from onething.calendar import Calendar, parse_limit
from onething.clocks.clock import Clock, Kind, Leg, Owner, State
from onething.clocks.ledger import Entry, EntryKind
from onething.errors import Conflict

_LEGS: tuple[Leg, Leg] = ("statutory", "promised")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a register reads from outside in one command."""

    calendar: Calendar
    zone: ZoneInfo
    now: datetime
    """UTC."""
    sequence: int
    """Number of the event that the command will append."""
    jurisdiction: str = "CN"

    @property
    def today(self) -> date:
        """The legal day: 23:30 local time belongs to it whatever UTC says."""
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Opening:
    """A clock that is to start."""

    kind: Kind
    owner: Owner
    statutory: str | None = None
    promised: str | None = None
    item_id: str | None = None
    token: str | None = None
    department: str | None = None
    since: date | None = None
    """The legal day from which it runs, where that is not today."""
    is_deemed: bool = False
    reason: str = ""
    approver: str | None = None
    basis: str = ""

    @property
    def name(self) -> str:
        """The id of the first clock of this kind: `reception`, `handling.adoption`, `task.17`."""
        of = self.token if self.owner == "task" else self.item_id
        return f"{self.kind}.{of}" if of else self.kind


@dataclass(frozen=True, slots=True)
class Why:
    """Why a clock is moved, in public words, and by whom."""

    reason: str = ""
    approver: str | None = None
    basis: str = ""


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
            Conflict: Another one of the same name is still open.
            CalendarError: A limit cannot be read.
        """
        before = self.latest(opening.name)
        if before is not None and before.is_open:
            raise Conflict(f"The clock {before.clock_id} runs already")
        clock = self._new(_numbered(opening.name, self._count(opening.name) + 1), opening)
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
            NotFound, Conflict: It has ended, is paused for the same reason, or the days
                are impossible.
        """
        clock = self._moving(clock_id)
        first = first or self.frame.today
        if any(one.reason == why.reason for one in _open_pauses(clock)):
            raise Conflict(f"The clock {clock_id} is paused for this reason already: {why.reason}")
        self._require_days(clock, first, last)
        state: State = "paused" if last is None else clock.state
        return self._enter(replace(clock, state=state), kind, why, first=first, last=last)

    def resume(self, clock_id: str, why: Why) -> Clock:
        """End a pause: of the same reason, else the newest one.

        Raises:
            Conflict: The clock is not paused.
        """
        clock = self._moving(clock_id)
        pauses = _open_pauses(clock)
        if not pauses:
            raise Conflict(f"The clock {clock_id} is not paused")
        state: State = "running" if len(pauses) == 1 else "paused"
        return self._enter(replace(clock, state=state), "resume", why)

    def extend(self, clock_id: str, limit: str, why: Why) -> Clock:
        """Lengthen a clock, once.

        Raises:
            Conflict: It was extended before, or nobody or nothing stands for it.
            CalendarError: The limit cannot be read.

        Source: 行政许可法 第四十二条.
        """
        clock = self._moving(clock_id)
        if any(entry.kind == "extension" for entry in clock.entries):
            raise Conflict(f"The clock {clock_id} was extended before: the law allows it once")
        if not why.reason.strip() or not why.approver:
            raise Conflict("An extension needs a reason and who approved it")
        if parse_limit(limit).n < 1:
            raise Conflict("An extension adds at least one day")
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

    def redate(self, clock_id: str, reason: str) -> bool:
        """Count a clock again by the frame's calendar; tell whether anything is different."""
        clock = self._moving(clock_id)
        again = self._dated(clock)
        if _dates(again) == _dates(clock):
            self.clocks[clock_id] = again
            return False
        self._enter(clock, "redated", Why(reason))
        return True

    def move_promise(self, clock_id: str, promised: str, due_at: datetime, reason: str) -> Clock:
        """Set the due instant of a promise that follows from those of the items."""
        clock = self._moving(clock_id)
        moved = replace(clock, promised=promised, promised_due_at=due_at)
        last = (due_at.astimezone(self.frame.zone)).date()
        return self._enter(moved, "redated", Why(reason), last=last)

    def effects(self) -> list[dict[str, Any]]:
        """Return what changed, as JSON for the event."""
        return [self._effect(clock_id, one) for clock_id, one in self.changes.items()]

    def _effect(self, clock_id: str, change: Change) -> dict[str, Any]:
        clock = self.clocks[clock_id]
        told: dict[str, Any] = {"clock": clock_id, "state": clock.state}
        told |= {"entries": [_told(entry) for entry in change.entries]}
        told |= {name: _text(getattr(clock, name)) for name in _MOVING}
        if change.is_new:
            told["opened"] = {name: _text(getattr(clock, name)) for name in _FIXED}
        return told

    def _moving(self, clock_id: str) -> Clock:
        clock = self.clocks.get(clock_id)
        if clock is None:
            raise Conflict(f"The case has no clock {clock_id}")
        if not clock.is_open:
            raise Conflict(f"The clock {clock_id} has ended")
        return clock

    def _require_days(self, clock: Clock, first: date, last: date | None) -> None:
        if first > self.frame.today:
            raise Conflict(f"A pause cannot begin in the future: {first}")
        if first < clock.started_on:
            raise Conflict(f"The clock {clock.clock_id} began on {clock.started_on}, after {first}")
        if last is not None and last < first:
            raise Conflict(f"A pause ends before it begins: {first} to {last}")

    def _count(self, name: str) -> int:
        return sum(one.partition("#")[0] == name for one in self.clocks)

    def _new(self, clock_id: str, opening: Opening) -> Clock:
        frame = self.frame
        return Clock(
            instance_id=self.instance_id,
            clock_id=clock_id,
            owner=opening.owner,
            item_id=opening.item_id,
            token=opening.token,
            department=opening.department,
            kind=opening.kind,
            started_on=opening.since or frame.today,
            started_at=frame.now,
            statutory=opening.statutory,
            promised=opening.promised,
            statutory_due_at=None,
            promised_due_at=None,
            provisional=False,
            state="running",
            ended_at=None,
            calendar_version=frame.calendar.version,
            jurisdiction=frame.jurisdiction,
            basis=opening.basis,
        )

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
        if entered.is_open and not (entered.owner == "case" and entered.kind == "handling"):
            entered = self._dated(entered)
        self.clocks[clock.clock_id] = entered
        self.changes.setdefault(clock.clock_id, Change(is_new=False)).entries.append(entry)
        return entered

    def _dated(self, clock: Clock) -> Clock:
        """Return a clock with its due instants counted by the frame's calendar."""
        frame, provisional = self.frame, False
        dues: dict[Leg, datetime] = {}
        for leg in _LEGS:
            ledger = clock.ledger(leg)
            if ledger is None:
                continue
            where = (frame.calendar, frame.zone, clock.jurisdiction)
            dues[leg] = ledger.due_at(*where, today=frame.today, started_at=clock.started_at)
            due = ledger.due(frame.calendar, clock.jurisdiction, today=frame.today)
            provisional = provisional or due.provisional
        return replace(
            clock,
            statutory_due_at=dues.get("statutory"),
            promised_due_at=dues.get("promised"),
            provisional=provisional,
            calendar_version=frame.calendar.version,
        )


_MOVING = ("promised", "statutory_due_at", "promised_due_at", "provisional", "ended_at")
_FIXED = (
    "owner",
    "item_id",
    "token",
    "department",
    "kind",
    "started_on",
    "started_at",
    "statutory",
    "jurisdiction",
    "basis",
)
_DATES = {"started_on": date, "first": date, "last": date}
_INSTANTS = ("started_at", "ended_at", "statutory_due_at", "promised_due_at")


def fold(
    instance_id: str,
    clocks: Mapping[str, Clock],
    effects: Iterable[Mapping[str, Any]],
    *,
    sequence: int,
    calendar_version: str,
) -> dict[str, Clock]:
    """Return the clocks of a case after one event's effects."""
    found = dict(clocks)
    for told in effects:
        clock_id = str(told["clock"])
        moved = {name: _value(name, told[name]) for name in ("state", *_MOVING)}
        if "opened" in told:
            fixed = {name: _value(name, told["opened"][name]) for name in _FIXED}
            clock = Clock(
                instance_id=instance_id,
                clock_id=clock_id,
                calendar_version=calendar_version,
                **fixed,
                **moved,
            )
        else:
            clock = replace(found[clock_id], calendar_version=calendar_version, **moved)
        entries = clock.entries
        for one in told["entries"]:
            entries = (*entries, _entry(one, len(entries) + 1, sequence))
        found[clock_id] = replace(clock, entries=entries)
    return found


_TOLD = tuple(one.name for one in fields(Entry) if one.name not in {"number", "sequence"})


def _told(entry: Entry) -> dict[str, Any]:
    told = {name: _text(getattr(entry, name)) for name in _TOLD}
    return {name: value for name, value in told.items() if value not in (None, "")}


def _entry(told: Mapping[str, Any], number: int, sequence: int) -> Entry:
    values = {name: _value(name, value) for name, value in told.items()}
    return Entry(number=number, sequence=sequence, **values)


def _text(value: Any) -> Any:  # noqa: ANN401 - a field of a clock or an entry
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, told: Any) -> Any:  # noqa: ANN401 - as above
    if told is None:
        return None
    if name in _INSTANTS:
        return datetime.fromisoformat(told)
    return date.fromisoformat(told) if name in _DATES else told


def _numbered(name: str, number: int) -> str:
    return name if number <= 1 else f"{name}#{number}"


def _dates(clock: Clock) -> tuple[datetime | None, datetime | None, bool]:
    return clock.statutory_due_at, clock.promised_due_at, clock.provisional


def _open_pauses(clock: Clock) -> list[Entry]:
    ledger = clock.ledger("statutory") or clock.ledger("promised")
    return ledger.open_pauses if ledger is not None else []
