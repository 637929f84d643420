"""Fire the timers that are due."""

from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from onething import identity, jobs
from onething.engine import FireTimer
from onething.errors import OnethingError
from onething.jobs import TimerRow
from onething.runtime.host import Host
from onething.runtime.turn import Turn

SWEEP = 100
WAIT_AFTER_FAILURE = timedelta(minutes=5)
_log = structlog.get_logger()


def fire_timers(host: Host, limit: int = SWEEP) -> int:
    """Fire timers that are due, longest overdue first, at most `limit`; return how many.

    Each fires in a transaction of its own. One that fails is logged and put off for five
    minutes: it holds up no other.
    """
    now = host.clock()
    with host.database.read() as conn:
        host.take_notices(conn)
        due = jobs.due_timers(conn, now, limit)
    return sum(_tried(host, one, now) for one in due)


def _tried(host: Host, one: TimerRow, now: datetime) -> bool:
    try:
        return host.write(partial(_fire, host, one))
    except OnethingError:
        _log.exception("timer failed", instance=one.instance_id, timer=one.timer)
        later = now + WAIT_AFTER_FAILURE
        host.write(lambda conn: jobs.put_off_timer(conn, one, later))
        return False


def _fire(host: Host, one: TimerRow, conn: Connection) -> bool:
    """Fire one timer unless an earlier one of the same sweep, or another worker, has been here."""
    turn = Turn.on(host, conn, identity.SYSTEM, one.instance_id)
    if turn.row.is_suspended or one not in jobs.timers_of(conn, one.instance_id):
        return False
    turn.occurred_at = one.due_at
    turn.step("TimerFired", FireTimer(one.timer), note={"activity": one.activity})
    return True
