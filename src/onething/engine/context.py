"""What a step reads from outside: the time, the calendar and the limits."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from onething import calendar, feel
from onething.errors import CalendarError

DUE_DATE = "due date"
WORKING_DAY = "is working day"
ADD_WORKING_DAYS = "add working days"
FUNCTIONS = frozenset({DUE_DATE, WORKING_DAY, ADD_WORKING_DAYS})
"""FEEL functions of the legal calendar: due date(from, "WD(5)"), is working day(date) and
add working days(date, n)."""
_ISO_DAY = len("2026-01-01")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep a step finite."""

    automatic_steps: int = 20_000
    """Automatic moves of tokens in one command; then an incident."""
    depth: int = 60
    """Scopes inside scopes, called processes counted; then an incident."""
    rounds: int = 10_000
    """Instances of one multi-instance activity; then an incident."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a step reads from outside; the event of the step records it."""

    now: datetime
    """Aware, in UTC."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    """The legal time zone: dates without zone are in it."""
    calendar: Any = None
    limits: Limits = field(default_factory=Limits)
    functions: dict[str, Any] = field(default_factory=dict)
    """Built-in functions for FEEL beside the standard ones."""

    @classmethod
    def unset(cls) -> "Context":
        """Return the context of a state that is not in a step."""
        return _UNSET

    def environment(self) -> feel.Environment:
        """Return what FEEL reads from outside."""
        own: dict[str, Any] = {
            DUE_DATE: self._due_date,
            WORKING_DAY: self._is_working_day,
            ADD_WORKING_DAYS: self._add_working_days,
        }
        return feel.Environment(
            now=self.now.astimezone(self.zone), functions={**own, **self.functions}
        )

    def _due_date(self, start: Any, limit: Any) -> feel.Value:
        """Return the last day of a legal period; null where an argument does not fit."""
        day = _day(start)
        if day is None or not isinstance(limit, str) or self.calendar is None:
            return None
        try:
            due = calendar.due(day, calendar.parse_limit(limit), self.calendar).on
        except CalendarError:
            return None
        return feel.Date(due.year, due.month, due.day)

    def _is_working_day(self, day: Any) -> feel.Value:
        """Say whether a day is a working day; null where the argument is no date."""
        found = _day(day)
        if found is None or self.calendar is None:
            return None
        return bool(self.calendar.is_working_day(found))

    def _add_working_days(self, start: Any, days: Any) -> feel.Value:
        """Return the n-th working day after a day, n from 1; null where an argument is unfit."""
        day = _day(start)
        is_whole = not isinstance(days, bool) and isinstance(days, int | Decimal)
        if day is None or self.calendar is None or not is_whole or days != int(days) or days < 1:
            return None
        try:
            found = date.fromordinal(self.calendar.working_day_after(day.toordinal(), int(days)))
        except CalendarError:
            return None
        return feel.Date(found.year, found.month, found.day)


def _day(value: Any) -> date | None:
    """Return a FEEL date, the day of a FEEL date and time, or an ISO text as a date."""
    written = str(value)[:_ISO_DAY] if isinstance(value, feel.Date | feel.DateTime | str) else ""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


_UNSET = Context(datetime(1970, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))
