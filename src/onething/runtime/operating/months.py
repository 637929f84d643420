"""Months of the legal time zone: what archives and retention go by."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from zoneinfo import ZoneInfo

_DECEMBER = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of the calendar."""

    year: int
    number: int

    @classmethod
    def of(cls, at: datetime, zone: ZoneInfo) -> Self:
        """Return the month in which an instant lies."""
        here = at.astimezone(zone)
        return cls(here.year, here.month)

    def next(self) -> "Month":
        """Return the month after."""
        if self.number == _DECEMBER:
            return Month(self.year + 1, 1)
        return Month(self.year, self.number + 1)

    def back(self, months: int) -> "Month":
        """Return the month so many before."""
        year, number = divmod(self.year * 12 + self.number - 1 - months, 12)
        return Month(year, number + 1)

    def begins(self, zone: ZoneInfo) -> datetime:
        """Return its first instant, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=zone).astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"
