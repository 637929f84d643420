"""How a node and its database are at this moment."""

from dataclasses import dataclass

from onething import incidents, jobs
from onething.jobs import Backlog
from onething.runtime.host import Host


@dataclass(frozen=True, slots=True)
class Health:
    """What waits for machines and for people."""

    backlog: Backlog
    incidents: int
    """Incidents that are open."""


def health(host: Host) -> Health:
    """Measure what waits now, by indexes alone; whoever asks was let in before."""
    with host.database.read() as conn:
        return Health(jobs.backlog(conn, host.clock()), incidents.count_open(conn))
