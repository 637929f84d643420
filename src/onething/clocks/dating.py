"""Due instants of clocks, counted by what one command reads from outside. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from onething.calendar import Calendar
from onething.clocks.clock import Clock, Leg

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
    occurred_at: datetime | None = None
    """When what is told now happened by law: a timer's due instant, however late it fires."""

    @property
    def today(self) -> date:
        """The legal day: 23:30 local time belongs to it whatever UTC says."""
        return self.now.astimezone(self.zone).date()

    @property
    def next_day(self) -> date:
        """The first legal day after the event; midnight is 24:00 of the day before."""
        just_before = (self.occurred_at or self.now) - timedelta(microseconds=1)
        return just_before.astimezone(self.zone).date() + timedelta(days=1)


def dated(clock: Clock, frame: Frame) -> Clock:
    """Return a clock with its due instants counted by the frame's calendar.

    Raises:
        CalendarError: A limit cannot be read, or the due day leaves the calendar.
    """
    provisional = False
    dues: dict[Leg, datetime] = {}
    for leg in _LEGS:
        ledger = clock.ledger(leg)
        if ledger is None:
            continue
        where = (frame.calendar, frame.zone, clock.jurisdiction)
        dues[leg] = ledger.due_at(*where, today=frame.today, started_at=clock.started_at)
        last = ledger.due_by(dues[leg], *where, today=frame.today)
        provisional = provisional or last.provisional
    return replace(
        clock,
        statutory_due_at=dues.get("statutory"),
        promised_due_at=dues.get("promised"),
        provisional=provisional,
        calendar_version=frame.calendar.version,
    )
