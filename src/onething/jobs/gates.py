"""Gates: how many calls of a department may start now, and whether any may."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from onething.errors import NotFound
from onething.jobs.models import QUEUED, gate, outbox

PROBE_WITHIN = timedelta(minutes=2)
"""A probe that has told nothing for so long is followed by another."""
LONGEST_WAIT = timedelta(minutes=2)
"""A department that stays away is tried at least so often: by one call, which costs no attempt."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""Machines' clocks are no further apart; what lies further ahead, a clock now set back wrote."""
_MOST_DOUBLINGS = 16
_FULL = 1_000.0
"""More than a department takes in a second: what is over its own most is cut off."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a department takes, from all workers together."""

    per_second: float
    concurrency: int
    """Calls at one time."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When a breaker opens and how long it stays so."""

    failures: int
    """Calls in a row that find the department unavailable."""
    wait: timedelta
    """Until the first probe; each that fails doubles it, up to LONGEST_WAIT."""


@dataclass(frozen=True, slots=True)
class GateRow:
    """The gate of one department."""

    department: str
    state: str
    """closed, open, half-open"""
    failures: int
    openings: int
    opened_at: datetime | None
    probe_at: datetime | None
    error: str | None
    tokens: float
    tokens_at: datetime
    reset_by: str | None = None

    @property
    def is_clean(self) -> bool:
        """Whether the last call found the department there."""
        return self.state == "closed" and not self.failures

    def holds(self, now: datetime) -> bool:
        """Whether calls wait: the breaker is open, and no probe is due.

        A probe further off than any wait was set by a clock that was ahead: it is due.
        """
        if self.state == "closed" or self.probe_at is None:
            return False
        return timedelta(0) < self.probe_at - now <= LONGEST_WAIT

    def is_ahead(self, now: datetime) -> bool:
        """Whether it was written under a clock that has been set back since."""
        if self.probe_at is not None and self.probe_at - now > LONGEST_WAIT:
            return True
        return self.tokens_at - now > CLOCKS_DIFFER

    def brought_back(self, now: datetime) -> "GateRow":
        """Return the gate with what lies ahead of the clock at now; its tokens stay as many."""
        probe_at = self.probe_at
        if probe_at is not None and probe_at - now > LONGEST_WAIT:
            probe_at = now
        return replace(self, probe_at=probe_at, tokens_at=min(self.tokens_at, now))

    def room(self, now: datetime, running: int, limits: Limits) -> int:
        """Return how many calls may start now while so many run."""
        if self.holds(now):
            return 0
        most = limits.concurrency if self.state == "closed" else 1
        return max(0, min(most - running, math.floor(self._tokens(now, limits))))

    def passed(self, count: int, now: datetime, limits: Limits) -> "GateRow":
        """Return the gate after calls have been let through; a probe makes it half-open."""
        left = self._tokens(now, limits) - count
        passed = replace(self, tokens=left, tokens_at=now)
        if self.state == "closed" or not count:
            return passed
        return replace(passed, state="half-open", probe_at=now + PROBE_WITHIN)

    def failed(self, now: datetime, policy: Policy, error: str) -> "GateRow":
        """Return the gate after a call that found the department unavailable."""
        after = replace(self, failures=self.failures + 1, error=error)
        opens = self.state == "half-open" or (
            self.state == "closed" and after.failures >= policy.failures
        )
        if not opens:
            return after
        doubled = policy.wait * 2 ** min(self.openings, _MOST_DOUBLINGS)
        return replace(
            after,
            state="open",
            openings=self.openings + 1,
            opened_at=self.opened_at or now,
            probe_at=now + min(doubled, LONGEST_WAIT),
            reset_by=None,
        )

    def closed(self, by: str | None = None) -> "GateRow":
        """Return the gate after a call that went well, or after an operator closed it."""
        return replace(
            self,
            state="closed",
            failures=0,
            openings=0,
            opened_at=None,
            probe_at=None,
            error=None,
            reset_by=by,
        )

    def _tokens(self, now: datetime, limits: Limits) -> float:
        """Return the calls that may start at once: at most a second's worth of them."""
        most = max(1.0, limits.per_second)
        passed_s = min(max((now - self.tokens_at).total_seconds(), 0.0), most / limits.per_second)
        return min(most, self.tokens + passed_s * limits.per_second)


def prepare(conn: Connection, departments: Sequence[str], now: datetime) -> None:
    """Give each department a gate that has none yet, and one to the product itself."""
    there = set(conn.scalars(select(gate.c.department)))
    for department in sorted({"", *departments} - there):
        row = GateRow(department, "closed", 0, 0, None, None, None, _FULL, now)
        conn.execute(insert(gate).values(_values(row)))


def gates(conn: Connection) -> list[GateRow]:
    """Return every gate by department."""
    return [GateRow(*row) for row in conn.execute(select(gate).order_by(gate.c.department))]


def gate_of(conn: Connection, department: str) -> GateRow | None:
    """Return the gate of a department, or None."""
    row = conn.execute(select(gate).where(gate.c.department == department)).first()
    return None if row is None else GateRow(*row)


def lock_gate(conn: Connection, department: str) -> GateRow:
    """Lock the gate of a department and return it; raise NotFound where there is none."""
    query = select(gate).where(gate.c.department == department)
    row = conn.execute(query.with_for_update()).first()
    if row is None:
        raise NotFound(f"No gate {department}")
    return GateRow(*row)


def try_gate(conn: Connection, department: str) -> GateRow | None:
    """Lock the gate of a department and return it; None where somebody else holds it."""
    query = select(gate).where(gate.c.department == department)
    row = conn.execute(query.with_for_update(skip_locked=True)).first()
    return None if row is None else GateRow(*row)


def save_gate(conn: Connection, row: GateRow) -> None:
    """Write a gate that is locked."""
    conn.execute(update(gate).where(gate.c.department == row.department).values(_values(row)))


def passable(conn: Connection, now: datetime) -> list[str]:
    """Return departments that have a job due and whose gate lets one through.

    A gate from ahead of the clock is among them: what waits behind it is due by that clock.
    One look into an index for each gate, however many jobs wait behind the open ones.
    """
    waiting = select(func.min(outbox.c.due_at)).where(QUEUED)
    first = waiting.where(outbox.c.department == gate.c.department).scalar_subquery()
    lets = or_(gate.c.state == "closed", gate.c.probe_at <= now)
    ahead = or_(gate.c.probe_at > now + LONGEST_WAIT, gate.c.tokens_at > now + CLOCKS_DIFFER)
    found = or_(and_(lets, first <= now), and_(ahead, first.is_not(None)))
    return list(conn.scalars(select(gate.c.department).where(found)))


def running(conn: Connection, department: str) -> int:
    """Return how many calls of a department are handed over and not closed."""
    query = select(func.count()).select_from(outbox)
    query = query.where(outbox.c.state == "relayed", outbox.c.department == department)
    return int(conn.execute(query).scalar_one())


def _values(row: GateRow) -> dict[str, Any]:
    return {one.name: getattr(row, one.name) for one in fields(row)}
