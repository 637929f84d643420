"""What the cases of a service really took: days, supplements, materials given by hand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select

from onething import cases, clocks, materials
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import require_role

READERS_OF_RELIEF = ("operator", "auditor", "supervisor")
FEWEST = 10
"""Cases that figures need; fewer would tell of single people."""
_MOST = 20_000
_OF_LAST = timedelta(days=90)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """What the decided cases of one service came to in a time; None: too few cases to tell."""

    service: str
    since: datetime
    until: datetime
    decided: int
    """Cases with a decision; the newest 20,000 at most."""
    median_days: float | None = None
    """From submission to end, of the calendar."""
    ninetieth_days: float | None = None
    """Nine of ten cases took no longer."""
    share_supplemented: float | None = None
    """Cases whose applicants were asked for a supplement."""
    materials_by_hand: float | None = None
    """Materials that people gave, on average."""

    @property
    def is_enough(self) -> bool:
        """Whether there are figures to tell."""
        return self.decided >= FEWEST


def relief_of_cases(
    host: Host,
    actor: Actor,
    service: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> CaseFigures:
    """Return what the cases of a service that ended in a time came to.

    The time is the last 90 days before `until`, or before now, if none is given.

    Raises:
        NotAllowed: The person is neither operator, auditor nor supervisor.
    """
    require_role(actor, *READERS_OF_RELIEF)
    until = until or host.clock()
    since = since or until - _OF_LAST
    query = cases.decided(service, since, until, _MOST)
    with host.database.read() as conn:
        rows = conn.execute(query).all()
        if len(rows) < FEWEST:
            return CaseFigures(service, since, until, len(rows))
        ids = select(query.subquery().c.instance_id)
        supplemented = clocks.supplemented(conn, ids)
        by_hand = materials.given_by_hand(conn, ids)
    days = sorted((row.closed_at - row.submitted_at) / _A_DAY for row in rows)
    return CaseFigures(
        service=service,
        since=since,
        until=until,
        decided=len(days),
        median_days=median(days),
        ninetieth_days=_ninetieth(days),
        share_supplemented=supplemented / len(days),
        materials_by_hand=by_hand / len(days),
    )


def _ninetieth(ordered: Sequence[float]) -> float:
    """Return the least value that nine tenths of the values do not exceed (nearest rank)."""
    return ordered[math.ceil(len(ordered) * 9 / 10) - 1]
