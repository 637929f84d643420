"""A clock that is to start, and what stands behind it. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from onething.clocks.clock import Clock, Kind, Owner
from onething.clocks.dating import Frame


@dataclass(frozen=True, slots=True)
class Promise:
    """What a case's own clock promises: it follows from its items and is counted there."""

    path: str
    """The limits that lead to the due day, in a row."""
    due_at: datetime
    provisional: bool
    is_paused: bool
    """The item that is finished last is paused: nobody knows the day."""


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
    promise: Promise | None = None
    """Of a case's own clock: it is not counted by its limit."""

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


def opened(instance_id: str, clock_id: str, opening: Opening, frame: Frame) -> Clock:
    """Return the clock of an opening, without entries and, unless promised, without due days."""
    clock = Clock(
        instance_id=instance_id,
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
    return clock if opening.promise is None else promised(clock, opening.promise)


def promised(clock: Clock, promise: Promise) -> Clock:
    """Return a case's own clock with another promise."""
    return replace(
        clock,
        promised=promise.path,
        promised_due_at=promise.due_at,
        provisional=promise.provisional,
        state="paused" if promise.is_paused else "running",
    )
