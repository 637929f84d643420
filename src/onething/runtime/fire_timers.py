"""Fire the timers that are due."""

from sqlalchemy import Connection

from onething import identity, jobs
from onething.engine import FireTimer
from onething.jobs import TimerRow
from onething.runtime.host import Host
from onething.runtime.turn import Turn

SWEEP = 100


def fire_timers(host: Host, limit: int = SWEEP) -> int:
    """Fire timers that are due, longest overdue first, at most `limit`; return how many.

    Each fires in a transaction of its own: one that fails holds up no other.
    """
    now = host.clock()
    with host.database.read() as conn:
        due = jobs.due_timers(conn, now, limit)
    return sum(host.database.write(lambda conn, one=one: _fire(host, conn, one)) for one in due)


def _fire(host: Host, conn: Connection, one: TimerRow) -> bool:
    """Fire one timer unless an earlier one of the same sweep has cleared it."""
    turn = Turn.on(host, conn, identity.SYSTEM, one.instance_id)
    running = jobs.timers_of(conn, one.instance_id)
    if one not in running:
        return False
    turn.step("TimerFired", FireTimer(one.timer), note={"activity": one.activity})
    return True
