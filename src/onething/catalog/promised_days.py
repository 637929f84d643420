"""How long promised limits are, in days that are not of one kind. Pure.

Working days and natural days are never added up to one number: both are told. Where two ways have
to be compared, or people want one number to hold on to, five working days make a week
(`Days.calendar_days`); holidays are left out of account.

Source: report §1.5 (工作日 and natural-day periods).
"""

import re
from dataclasses import dataclass

from onething.calendar import parse_limit
from onething.errors import CalendarError

_WITHIN_A_DAY = frozenset({"on-the-spot", "same-day"})
_DURATION = re.compile(r"P(?:(\d{1,4})D|(\d{1,3})W)", re.ASCII)
_HOURS = re.compile(r"PT\d{1,4}[HM]", re.ASCII)
_WEEK = 7
_WORKING_WEEK = 5


@dataclass(frozen=True, slots=True)
class Days:
    """A length of promised time; both 0: within the day."""

    working: int = 0
    natural: int = 0

    def __add__(self, other: "Days") -> "Days":
        """Return both one after the other."""
        return Days(self.working + other.working, self.natural + other.natural)

    @property
    def calendar_days(self) -> int:
        """About how many days of the calendar: five working days make a week, rounded up."""
        return self.natural - (-self.working * _WEEK // _WORKING_WEEK)


def days_of(limit: str) -> Days | None:
    """Return how long a limit of a manifest is; None where it says nothing that can be counted.

    What ends on the spot, on the same day or within hours takes no days.
    """
    if limit in _WITHIN_A_DAY or _HOURS.fullmatch(limit):
        return Days()
    written = _DURATION.fullmatch(limit)
    if written is not None:
        days, weeks = written.groups()
        return Days(natural=int(days) if days else int(weeks) * _WEEK)
    try:
        parsed = parse_limit(limit)
    except CalendarError:
        return None
    if not parsed.counts_days:
        return Days()
    return Days(working=parsed.n) if parsed.kind == "WD" else Days(natural=parsed.n)
