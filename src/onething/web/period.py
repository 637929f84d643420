"""The days that a page is asked to show: from one day up to another, both included."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import request


@dataclass(frozen=True, slots=True)
class Period:
    """Two legal days; None leaves an end open."""

    first: date | None
    last: date | None

    def since(self, zone: ZoneInfo) -> datetime | None:
        """Return the instant at which the first day begins."""
        return None if self.first is None else datetime.combine(self.first, time(), zone)

    def until(self, zone: ZoneInfo) -> datetime | None:
        """Return the instant at which the last day is over."""
        if self.last is None or self.last == date.max:
            return None
        return datetime.combine(self.last + timedelta(days=1), time(), zone)


def asked() -> Period:
    """Return the period in the page's address; what is no day leaves its end open."""
    return Period(_day("first"), _day("last"))


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
