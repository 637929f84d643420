"""Explain the clocks of a case: every day of them, and what would move their due days."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from onething import clocks
from onething.calendar import Calendar
from onething.clocks import Clock, Day, Leg, Move
from onething.errors import NotFound
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import visible_case

_AN_INSTANT = timedelta(microseconds=1)
_LEGS: tuple[Leg, Leg] = ("promised", "statutory")


@dataclass(frozen=True, slots=True)
class LegView:
    """One limit of a clock, explained."""

    leg: Leg
    limit: str
    """As the clock began; extensions stand in the ledger."""
    due_on: date | None
    """The last day in time; None while nobody knows it."""
    due_at: datetime | None = None
    """End of a limit in working hours, in the legal zone; None of days."""
    days: list[Day] = field(default_factory=list)
    """Every day after the first one; empty for what follows from other clocks."""
    moves: list[Move] = field(default_factory=list)
    """What would still move the due day; empty once the clock has ended."""


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock with its limits explained."""

    clock: Clock
    legs: list[LegView]
    """The promised one first."""
    today: date
    """The legal day by which it is explained."""


def view_clocks(host: Host, actor: Actor, case_no: str) -> list[ClockView]:
    """Return the clocks of a case that this person sees, oldest first; tasks' own left out.

    Raises:
        NotFound: There is no such case, or it is not this person's to see.
    """
    with host.database.read() as conn:
        case = visible_case(actor, conn, case_no)
        found = clocks.of_case(conn, case.instance_id)
    return [explained(host, one) for one in found if one.owner != "task"]


def view_clock(host: Host, actor: Actor, case_no: str, clock_id: str) -> ClockView:
    """Return one clock of a case, a task's too.

    Raises:
        NotFound: There is no such case or clock for this person.
    """
    with host.database.read() as conn:
        case = visible_case(actor, conn, case_no)
        found = clocks.of_case(conn, case.instance_id)
    clock = next((one for one in found if one.clock_id == clock_id), None)
    if clock is None:
        raise NotFound(f"The case {case_no} has no clock {clock_id}")
    return explained(host, clock)


def explained(host: Host, clock: Clock) -> ClockView:
    """Explain a clock by the calendar by which its due days stand."""
    now = host.clock()
    calendar = host.context(now, {"calendar": clock.calendar_version}).calendar
    ended = clock.ended_at or now
    today = min(now, ended).astimezone(host.zone).date()
    legs = [_leg(host, clock, leg, calendar, today) for leg in _LEGS]
    return ClockView(clock, [one for one in legs if one is not None], today)


def _leg(host: Host, clock: Clock, leg: Leg, calendar: Calendar, today: date) -> LegView | None:
    limit = clock.promised if leg == "promised" else clock.statutory
    if limit is None:
        return None
    ledger = clock.ledger(leg)
    due_at = clock.promised_due_at if leg == "promised" else clock.statutory_due_at
    if ledger is None or due_at is None:
        return LegView(leg, limit, _last_day(host, due_at))
    place = clock.jurisdiction
    moves = ledger.moves(calendar, place, today=today) if clock.is_open else []
    return LegView(
        leg=leg,
        limit=limit,
        due_on=ledger.due_by(due_at, calendar, host.zone, place, today=today).on,
        due_at=None if ledger.counts_days else due_at.astimezone(host.zone),
        days=ledger.explain(calendar, place, today=today),
        moves=[one for one in moves if one != "extension" or clock.kind == "handling"],
    )


def _last_day(host: Host, due_at: datetime | None) -> date | None:
    """Return the legal day before the first instant that is too late."""
    return (due_at - _AN_INSTANT).astimezone(host.zone).date() if due_at else None
