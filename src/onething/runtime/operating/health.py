"""How a node and its database are at this moment."""

from dataclasses import dataclass, field

from onething import incidents, instances, jobs
from onething.identity import Actor
from onething.jobs import Backlog, GateRow
from onething.runtime.host import Host
from onething.runtime.permissions import require_role


@dataclass(frozen=True, slots=True)
class Health:
    """What waits for machines and for people."""

    backlog: Backlog
    incidents: int
    """Incidents that are open."""
    gates: list[GateRow] = field(default_factory=list)
    """What lets the departments' calls through."""


def health(host: Host) -> Health:
    """Measure what waits now, by indexes alone; whoever asks was let in before."""
    with host.database.read() as conn:
        return Health(
            jobs.backlog(conn, host.clock()), incidents.count_open(conn), jobs.gates(conn)
        )


@dataclass(frozen=True, slots=True)
class Running:
    """How many instances of one deployment run."""

    service: str
    number: int
    """Of the deployment."""
    count: int


def view_operations(host: Host, actor: Actor) -> tuple[Health, list[Running]]:
    """Return what waits, and how many instances of which deployment run.

    Raises:
        NotAllowed: The person is neither operator nor auditor.
    """
    require_role(actor, "operator", "auditor")
    with host.database.read() as conn:
        running = [Running(*one) for one in instances.running(conn)]
    return health(host), running
