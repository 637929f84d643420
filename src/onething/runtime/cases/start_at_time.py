"""Start cases at their time: at the timers with which processes begin."""

from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from onething import engine, jobs
from onething.definitions import Definition
from onething.engine import EventStart, Start
from onething.errors import OnethingError
from onething.identity import SYSTEM
from onething.jobs import StartTimerRow
from onething.runtime.cases.start_at_event import open_at_event
from onething.runtime.host import Host

SWEEP = 100
WAIT_AFTER_FAILURE = timedelta(minutes=5)
_log = structlog.get_logger()


def plan_starts(host: Host, conn: Connection, definition: Definition) -> None:
    """Let the timer start events of a deployment start cases, and no longer those before it.

    One that stands as it stood keeps its time, so that a new deployment neither skips a start
    nor repeats one; a new or changed one is counted from now.

    Raises:
        ExpressionError: An expression gives no time.
    """
    service = definition.service.code
    earlier = {(one.process, one.event): one for one in jobs.start_timers_of(conn, service)}
    context = host.context(host.clock())
    rows = [
        _row(definition, start, earlier.get((start.process, start.event)), context)
        for start in definition.process.timer_starts
    ]
    jobs.replace_start_timers(conn, service, rows)


def _row(
    definition: Definition,
    start: EventStart,
    earlier: StartTimerRow | None,
    context: engine.Context,
) -> StartTimerRow:
    due_at: datetime | None
    if earlier is not None and earlier.written == start.name:
        due_at, remaining = earlier.due_at, earlier.remaining
    else:
        due_at, remaining = start.first(context)
    return StartTimerRow(
        service=definition.service.code,
        process=start.process,
        event=start.event,
        number=definition.number,
        written=start.name,
        due_at=due_at,
        remaining=remaining,
    )


def start_due(host: Host, limit: int = SWEEP) -> int:
    """Start the cases whose time has come, longest overdue first; return how many.

    Each starts in a transaction of its own. One that fails is logged and put off for five
    minutes: it holds up no other.
    """
    now = host.clock()
    with host.database.read() as conn:
        due = jobs.due_starts(conn, now, limit)
    return sum(_tried(host, one, now) for one in due)


def _tried(host: Host, one: StartTimerRow, now: datetime) -> bool:
    try:
        return host.write(partial(_start, host, one))
    except OnethingError:
        _log.exception("timed start failed", service=one.service, event=one.event)
        later = now + WAIT_AFTER_FAILURE
        host.write(lambda conn: jobs.move_start(conn, one, later, one.remaining))
        return False


def _start(host: Host, one: StartTimerRow, conn: Connection) -> bool:
    definition = host.definitions.get(conn, one.service, one.number)
    start = next(
        each
        for each in definition.process.timer_starts
        if (each.process, each.event) == (one.process, one.event)
    )
    previous = one.due_at or host.clock()
    after = start.following(previous, one.remaining, host.context(host.clock()))
    if not jobs.move_start(conn, one, *(after or (None, 0))):
        return False
    cause = f"timer {previous.isoformat()}"
    open_at_event(host, SYSTEM, definition, Start(one.process, {}, one.event), cause, conn)
    return True
