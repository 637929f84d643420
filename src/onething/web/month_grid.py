"""One month of absences: people down, days across."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onething.identity import Absence, Actor
from onething.runtime import Host

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one person."""

    on: date
    is_working: bool
    absence: Absence | None


@dataclass(frozen=True, slots=True)
class Row:
    """One person who is away on some day of the month."""

    person: Actor
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """What the calendar shows."""

    first: date
    today: date
    days: list[Cell]
    """The days by themselves."""
    rows: list[Row]

    @property
    def before(self) -> str | None:
        """The month before, as the address names it; None before the first year."""
        return _named(self.first - timedelta(days=1)) if self.first.year > 1 else None

    @property
    def after(self) -> str:
        """The month after, as the address names it."""
        return _named(self.last + timedelta(days=1))

    @property
    def last(self) -> date:
        """The last day."""
        return self.days[-1].on


def asked_month(text: str | None, today: date) -> date:
    """Return the first day of a month `2026-11`; this month for what is none near us."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    is_near = abs(found.year - today.year) <= _MONTHS
    return found if is_near else today.replace(day=1)


def month_grid(
    host: Host, first: date, absences: Sequence[Absence], people: Sequence[Actor]
) -> MonthGrid:
    """Return a month with a row for everybody who is away on some day of it, by name."""
    count = monthrange(first.year, first.month)[1]
    days = [_day(host, first + timedelta(days=at)) for at in range(count)]
    known = {one.user: one for one in people}
    users = sorted({one.user for one in absences}, key=lambda user: _name(known, user))
    rows = [
        Row(known.get(user, Actor(user, user)), [_cell(one, user, absences) for one in days])
        for user in users
    ]
    return MonthGrid(first, host.today, days, rows)


def _day(host: Host, on: date) -> Cell:
    return Cell(on, host.calendar.is_working_day(on), None)


def _cell(day: Cell, user: str, absences: Sequence[Absence]) -> Cell:
    found = next((one for one in absences if one.user == user and one.holds_on(day.on)), None)
    return Cell(day.on, day.is_working, found)


def _name(known: dict[str, Actor], user: str) -> str:
    return known[user].name if user in known else user


def _named(on: date) -> str:
    return f"{on:%Y-%m}"
