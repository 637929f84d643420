"""Keep the gates of the departments: note how calls went, look at them, close a breaker."""

from datetime import timedelta

import structlog
from sqlalchemy import Connection

from onething import connectors, jobs
from onething.identity import Actor
from onething.jobs import GateRow, Limits, Policy
from onething.runtime.host import Host
from onething.runtime.permissions import require_role

OWN = Limits(per_second=2_000, concurrency=64)
"""How much of what the product does itself is handed over at one time."""
_log = structlog.get_logger()


def prepare_gates(host: Host) -> None:
    """Give each department of the contracts a gate."""
    now, known = host.clock(), {one.department for one in connectors.operations().values()}
    with host.database.read() as conn:
        missing = {"", *known} - {one.department for one in jobs.gates(conn)}
    if missing:
        host.write(lambda conn: jobs.prepare(conn, sorted(missing), now))


def limits_of(department: str) -> Limits:
    """Return what a department takes by its contracts, from all workers together."""
    offered = [one for one in connectors.operations().values() if one.department == department]
    if not offered:
        return OWN
    per_second = max(one.per_second for one in offered)
    return Limits(per_second, min(one.concurrency for one in offered))


def policy_of(host: Host) -> Policy:
    """Return when the site's breakers open."""
    settings = host.settings
    wait = timedelta(seconds=settings.breaker_wait_s)
    return Policy(settings.breaker_failures, wait)


def note_failure(host: Host, department: str, error: str) -> GateRow | None:
    """Count a call that found a department unavailable; return its gate after it.

    None where the department has no gate: nobody relays to it.
    """

    def transaction(conn: Connection) -> GateRow | None:
        if jobs.gate_of(conn, department) is None:
            return None
        gate = jobs.lock_gate(conn, department)
        after = gate.failed(host.clock(), policy_of(host), error)
        jobs.save_gate(conn, after)
        return after

    after = host.write(transaction)
    if after is not None and after.state == "open":
        _log.warning("a department's calls wait", department=department, failures=after.failures)
    return after


def note_answer(host: Host, department: str) -> None:
    """Note that a department answered: its breaker closes, and what waits for it is due."""
    with host.database.read() as conn:
        gate = jobs.gate_of(conn, department)
    if gate is not None and not gate.is_clean:
        host.write(lambda conn: _close(host, conn, department))
        _log.info("a department answers again", department=department)


def list_gates(host: Host, actor: Actor) -> list[GateRow]:
    """Return the gates of the departments; the one without a name is the product's own.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
    """
    require_role(actor, "operator", "auditor")
    with host.database.read() as conn:
        return jobs.gates(conn)


def reset_gate(host: Host, actor: Actor, department: str) -> None:
    """Close a department's breaker: what waits for it is due at once.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: There is no such department.
    """
    require_role(actor, "operator")
    host.write(lambda conn: _close(host, conn, department, actor.user))
    _log.info("a breaker was closed by hand", department=department)


def _close(host: Host, conn: Connection, department: str, by: str | None = None) -> None:
    gate = jobs.lock_gate(conn, department)
    jobs.save_gate(conn, gate.closed(by))
    if gate.state != "closed":
        jobs.pull(conn, department, host.clock())
