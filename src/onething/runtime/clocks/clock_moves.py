"""What a person may do to a clock: pause it, let it go on, extend it.

Source: 行政许可法 第四十二条 (extension, once), 第四十五条 (time that does not count; the time
needed is told in writing).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from onething import calendar as legal
from onething.calendar import parse_limit
from onething.clocks import Clock, Frame, Register, Why
from onething.errors import ClockRefused, InvalidInput
from onething.runtime.clocks.limit_texts import in_words

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Pause:
    """Let time not count from a day on, today if none is given."""

    clock_id: str
    reason: str
    """What it is for, in words that everybody may read: `听证`."""
    basis: str
    """The article that lets the time not count."""
    needs: str = ""
    """The time that it will need, `ND(30)`; not asked where the pause is over already."""
    first: date | None = None
    """First day that does not count; may lie in the past."""
    last: date | None = None
    """Last day, where the pause is over already; None leaves the clock paused."""

    event: ClassVar = "ClockPaused"
    template: ClassVar = "pause-notice"

    def act(self, register: Register, by: str) -> Clock:
        """Pause the clock; raises as `Register.pause`."""
        require_words(reason=self.reason, basis=self.basis)
        if self.last is None:
            _require_length(self.needs, "needs")
        register.require_unpaused(self.clock_id, self.first, self.last)
        why = Why(self.reason, by, self.basis)
        return register.pause(self.clock_id, why, first=self.first, last=self.last)

    def foreseen(self, clock: Clock, frame: Frame) -> Clock:
        """Return the paused clock as if it were resumed after the time that is needed."""
        entry = clock.entries[-1]
        if entry.last is not None:
            return clock
        needed = parse_limit(self.needs)
        last = legal.due(entry.first, needed, frame.calendar, jurisdiction=clock.jurisdiction).on
        return replace(clock, entries=(*clock.entries[:-1], replace(entry, last=last)))

    def told(self, clock: Clock) -> dict[str, Any]:
        """Return what the applicant's notice says besides case and item."""
        entry = clock.entries[-1]
        days = (entry.last - entry.first).days + 1 if entry.last else 0
        limit = in_words(self.needs or f"ND({days})")
        return {"name": self.reason, "reason": self.reason, "basis": self.basis, "limit": limit}


@dataclass(frozen=True, slots=True)
class Resume:
    """End the newest pause; days count again from tomorrow on."""

    clock_id: str

    event: ClassVar = "ClockResumed"
    template: ClassVar = "resume-notice"

    def act(self, register: Register, by: str) -> Clock:
        """Resume the clock; raises as `Register.resume`."""
        return register.resume(self.clock_id, Why(approver=by))

    def foreseen(self, clock: Clock, _frame: Frame) -> Clock:
        """Return the clock as it is: nothing of it is still to come."""
        return clock

    def told(self, clock: Clock) -> dict[str, Any]:
        """Return what the applicant's notice says besides case and item."""
        paused = [one for one in clock.entries if one.kind in {"pause", "exclusion"}]
        return {"name": paused[-1].reason}


@dataclass(frozen=True, slots=True)
class Extension:
    """Lengthen a clock by a limit, once; both of its limits move."""

    clock_id: str
    limit: str
    """What is added, `WD(10)`."""
    reason: str
    basis: str

    event: ClassVar = "ClockExtended"
    template: ClassVar = "extension-notice"

    def act(self, register: Register, by: str) -> Clock:
        """Extend the clock; raises as `Register.extend`."""
        require_words(reason=self.reason, basis=self.basis)
        _require_length(self.limit, "limit")
        return register.extend(self.clock_id, self.limit, Why(self.reason, by, self.basis))

    def foreseen(self, clock: Clock, _frame: Frame) -> Clock:
        """Return the clock as it is: nothing of it is still to come."""
        return clock

    def told(self, _clock: Clock) -> dict[str, Any]:
        """Return what the applicant's notice says besides case and item."""
        return {"reason": self.reason, "basis": self.basis, "limit": in_words(self.limit)}


ClockMove = Pause | Resume | Extension


def require_movable(clock: Clock | None) -> None:
    """Raise ClockRefused for a clock that people do not move.

    Only the time for a decision may be paused and extended: a cooling-off period or a public
    notice is as long as the law says, and so is the time to decide on acceptance.

    Source: 行政许可法 第三十二条, 第四十二条, 第四十五条; 民法典 第一千零七十七条.
    """
    if clock is not None and clock.is_open and clock.kind != "handling":
        told = f"A {clock.kind} clock is as long as the law says: nobody pauses or extends it"
        raise ClockRefused("fixed", told)


def require_words(**given: str) -> None:
    """Raise InvalidInput for a text that is empty or longer than 500 characters."""
    for name, text in given.items():
        if not text.strip():
            raise InvalidInput("Say why, and by which article", {name: "This is needed"})
        if len(text) > LONGEST_REASON:
            told = f"At most {LONGEST_REASON} characters"
            raise InvalidInput("The text is too long", {name: told})


def _require_length(limit: str, name: str) -> None:
    """Raise InvalidInput unless a limit counts days; CalendarError for what is no limit."""
    if not limit.strip():
        raise InvalidInput("Say how much time it needs", {name: "This is needed"})
    if not parse_limit(limit).counts_days:
        told = "Days, such as WD(10) or ND(30)"
        raise InvalidInput("The time is counted in days", {name: told})
