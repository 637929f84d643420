"""Due dates: what one costs, beside a floor and a peer in the same run."""

import timeit
from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar

from onething import calendar

START = date(2025, 1, 6)
YEAR = 248
ROUNDS = 20_000


def micros(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the microseconds of one call, the best of three tries."""
    work()
    return min(timeit.repeat(work, number=rounds, repeat=3)) / rounds * 1e6


def peer() -> date:
    """Count a year of working days with the package chinesecalendar."""
    day, left = START, YEAR
    while left:
        day += timedelta(days=1)
        left -= chinese_calendar.is_workday(day)
    return day


def report() -> str:
    """Measure and return the section."""
    days = calendar.load_default()
    one_year = calendar.parse_limit(f"WD({YEAR})")
    if calendar.due(START, one_year, days).on != peer():
        raise SystemExit("the peer counts another day")
    rows = {
        f"`WD({YEAR})`, a year": micros(lambda: calendar.due(START, one_year, days)),
        "`ND(365)`": micros(lambda: calendar.due(START, calendar.parse_limit("ND(365)"), days)),
        "`WD(5)`": micros(lambda: calendar.due(START, calendar.parse_limit("WD(5)"), days)),
        "floor: adding 365 days to a date": micros(lambda: START + timedelta(days=365)),
        f"peer: chinesecalendar, {YEAR} working days one by one": micros(peer, 50),
    }
    lines = "\n".join(f"| {name} | {cost:,.1f} |" for name, cost in rows.items())
    return f"""## Due dates

Microseconds of one due date, warm.

| | µs |
|---|---|
{lines}
"""
