"""Where the tasks of an office that has moved go, until that is lifted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from onething.tasks.filters import region_prefix
from onething.tasks.models import office_redirect as table

count_redirects = select(func.count()).select_from(table)
"""The question how many rows there are: as rows are only ever added, it tells of every change."""
_ALL = select(table).order_by(table.c.number)


@dataclass(frozen=True, slots=True)
class Redirect:
    """One row: an office whose tasks go to another one, or the lifting of such a row."""

    number: int
    department: str
    post: str | None
    """None: whatever post."""
    region: str | None
    """A division with its sub-divisions; None: every one."""
    to_post: str | None
    """None: the task's own one stays."""
    to_region: str | None
    reason: str
    by: str
    at: datetime
    lifts: int | None
    """Number of the row that holds no longer; None: the row is a redirect itself."""

    def concerns(self, department: str | None, post: str | None, region: str | None) -> bool:
        """Whether a task of a department, post and region goes elsewhere by it."""
        if department != self.department or self.post not in (None, post):
            return False
        return self.region is None or (region or "").startswith(region_prefix(self.region))


@dataclass(frozen=True, slots=True)
class Redirects:
    """The redirects that hold, newest first, and how many rows they were read from."""

    rows: int = 0
    holding: tuple[Redirect, ...] = ()


def read_redirects(conn: Connection) -> Redirects:
    """Return the redirects that hold."""
    rows = [Redirect(*row) for row in conn.execute(_ALL)]
    lifted = {one.lifts for one in rows}
    holding = [one for one in rows if one.lifts is None and one.number not in lifted]
    return Redirects(len(rows), tuple(reversed(holding)))


def add_redirect(  # noqa: PLR0913 - the columns of one row
    conn: Connection,
    department: str,
    office: Sequence[str | None],
    to: Sequence[str | None],
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """Let the tasks of an office, post and region, go to another one from now on."""
    post, region = office
    to_post, to_region = to
    place = {"post": post, "region": region, "to_post": to_post, "to_region": to_region}
    told = {"department": department, "reason": reason, "by": by, "at": at}
    conn.execute(insert(table), {**place, **told})


def lift_redirect(conn: Connection, row: Redirect, by: str, at: datetime) -> None:
    """Let a redirect hold no longer."""
    lifting = {"department": row.department, "reason": "", "by": by, "at": at, "lifts": row.number}
    conn.execute(insert(table), lifting)
