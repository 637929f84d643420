"""Hand jobs that are due over to the workers, as many as their departments take.

A handed-over job is `relayed` under the number of its round. Whatever becomes of the workers,
it is either closed, queued again in a next round, or found here as lost and queued again: an
earlier round changes nothing any more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog
from sqlalchemy import Connection

from onething import jobs
from onething.errors import DepartmentUnavailable, OnethingError
from onething.jobs import GateRow, JobRow
from onething.runtime.host import Host
from onething.runtime.jobs.gates import limits_of
from onething.runtime.jobs.perform_job import goes_other_way, stop
from onething.runtime.sealing import NEWS, job_payload

_BATCH = 200
_LOOKED_AT = 500
_GIVEN_UP = 50
_GIVEN_UP_FOR = {
    "killing": ("job-killing", "the workers died of it again and again"),
    "defect": ("job-failed", "it could not be performed; the worker's log says why"),
}
"""Fates that a person must look at: the incident's code, and what it tells."""
_log = structlog.get_logger()


class Handover(Protocol):
    """Who takes jobs over and performs them, on any worker and over any crash."""

    shares_transaction: bool
    """Whether what is taken over stands in the database of the jobs themselves."""

    def take(self, conn: Connection | None, taken: Sequence[JobRow]) -> None:
        """Take jobs over, in the caller's transaction where it is shared."""

    def fates(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return what became of rounds: runs, ended, defect or killing.

        They are named by their workflow id; one that is not was never taken over. Defect is one
        that could not be performed, killing one whose workers died of it again and again.
        """


def relay_due(host: Host, handover: Handover) -> int:
    """Hand over what is due and what the departments take; return how many jobs that were.

    Where the workers' engine has a database of its own, jobs are marked first and handed over
    then; what a crash loses between the two is found by `find_lost`.
    """
    with host.database.read() as conn:
        departments = jobs.passable(conn, host.clock())
    if not departments:
        return 0

    def transaction(conn: Connection) -> list[JobRow]:
        taken = [job for one in departments for job in _take(host, conn, one)]
        if taken and handover.shares_transaction:
            handover.take(conn, taken)
        return taken

    taken = host.write(transaction)
    if taken and not handover.shares_transaction:
        handover.take(None, taken)
    return len(taken)


def _take(host: Host, conn: Connection, department: str) -> list[JobRow]:
    """Mark what one department takes now; nothing where another relay is at its gate."""
    gate, limits, now = jobs.try_gate(conn, department), limits_of(department), host.clock()
    if gate is None:
        return []
    if gate.is_ahead(now):
        gate = _bring_back(conn, gate, now)
    room = gate.room(now, jobs.running(conn, department), limits)
    if not room:
        return []
    taken = jobs.take_due(conn, now, min(room, _BATCH), department)
    jobs.save_gate(conn, gate.passed(len(taken), now, limits))
    return taken


def _bring_back(conn: Connection, gate: GateRow, now: datetime) -> GateRow:
    """Let neither a gate nor what waits behind it wait for the time of a clock that was wrong."""
    back = gate.brought_back(now)
    jobs.save_gate(conn, back)
    pulled = jobs.pull(conn, gate.department, now)
    _log.warning("a clock was set back", department=gate.department, jobs=pulled)
    return back


def find_lost(host: Host, handover: Handover) -> int:
    """Queue jobs again that were handed over and that nobody performs; return how many.

    Their attempts stay as they are. A job that cannot be performed, or of which the workers died
    again and again, becomes an incident instead.
    """
    with host.database.read() as conn:
        handed = jobs.relayed(conn, _LOOKED_AT)
    fates = handover.fates([job.workflow_id for job in handed]) if handed else {}
    lost = [job for job in handed if fates.get(job.workflow_id) != "runs"]
    found = 0
    for job in lost:
        given_up = _GIVEN_UP_FOR.get(fates.get(job.workflow_id, ""))
        if given_up is not None:
            code, told = given_up
            stop(host, job, _readable(host, job), code, f"{job.operation}: {told}")
        elif host.write(partial(jobs.put_back, row=job, until=host.clock())):
            _log.warning("a job was lost and is queued again", job=job.effect_key)
            found += 1
    return found


def _readable(host: Host, job: JobRow) -> dict[str, Any]:
    """Return a job's payload; nothing of one that does not open, which may be why it failed."""
    try:
        return _payload(host, job)
    except OnethingError:
        return {}


def give_up_patience(host: Host, limit: int = _GIVEN_UP) -> int:
    """Let calls that wait long for a department go the way that their model has for it.

    Where the model catches UNAVAILABLE it is thrown; the others go on waiting. They are due again
    as soon as a breaker may be tried: one of them is the call that finds the department back.
    """
    now = host.clock()
    patience = timedelta(seconds=host.settings.patience_s)
    with host.database.read() as conn:
        gates = [one for one in jobs.gates(conn) if one.state != "closed" and one.opened_at]
        waiting = [
            job
            for one in gates
            if one.opened_at is not None and one.opened_at <= now - patience
            for job in jobs.waiting_since(conn, one.department, now, now - patience, limit)
            if job.kind != NEWS
        ]
    return sum(_give_up(host, job) for job in waiting)


def _give_up(host: Host, job: JobRow) -> bool:
    error = DepartmentUnavailable(f"{job.operation}: the department is away for too long")
    has_gone = goes_other_way(host, job, _payload(host, job), error)
    if not has_gone:
        pause = timedelta(seconds=host.settings.breaker_wait_s)
        host.write(lambda conn: jobs.put_back(conn, job, host.clock() + pause))
    return has_gone


def _payload(host: Host, job: JobRow) -> dict[str, Any]:
    with host.database.read() as conn:
        return job_payload(host.keys, conn, job)
