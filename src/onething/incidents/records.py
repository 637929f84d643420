"""Read and write incidents."""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from onething import db
from onething.errors import NotFound
from onething.incidents.models import incident


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident."""

    instance_id: str
    incident_id: str
    case_no: str
    service: str
    token: str
    activity: str
    kind: str
    code: str
    message: str
    effect_key: str | None
    state: str
    raised_at: datetime
    resolved_at: datetime | None = None
    resolved_by: str | None = None

    @property
    def id(self) -> str:
        """The public id: `<instance>-<number>`."""
        return f"{self.instance_id}-{self.incident_id}"


_INSERT = insert(incident)
_RESOLVE = (
    update(incident)
    .where(
        incident.c.instance_id == bindparam("id"),
        incident.c.token == bindparam("at_token"),
        incident.c.state == "open",
    )
    .values(state="resolved", resolved_at=bindparam("at"), resolved_by=bindparam("by"))
)
_MOVE = (
    update(incident)
    .where(
        incident.c.instance_id == bindparam("id"),
        incident.c.token == bindparam("at"),
        incident.c.state == "open",
    )
    .values(activity=bindparam("to"))
)


def get(conn: Connection, public_id: str) -> IncidentRow:
    """Return one incident by its public id; raise NotFound when there is none."""
    instance_id, _, incident_id = public_id.partition("-")
    query = select(incident).where(
        incident.c.instance_id == instance_id, incident.c.incident_id == incident_id
    )
    row = conn.execute(query).first()
    if row is None:
        raise NotFound(f"No incident {public_id}")
    return IncidentRow(*row)


def listing(  # noqa: PLR0913 - the filters of one list
    conn: Connection,
    *,
    state: str | None = "open",
    instance_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
    newest_first: bool = False,
) -> list[IncidentRow]:
    """Return incidents in the order they were raised, at most `limit`, behind a public id."""
    query = select(incident)
    if state is not None:
        query = query.where(incident.c.state == state)
    if instance_id is not None:
        query = query.where(incident.c.instance_id == instance_id)
    at, name = incident.c.raised_at, incident.c.instance_id + incident.c.incident_id
    if after is not None:
        last = get(conn, after)
        last_name = last.instance_id + last.incident_id
        is_behind = operator.lt if newest_first else operator.gt
        same = (at == last.raised_at) & is_behind(name, last_name)
        query = query.where(is_behind(at, last.raised_at) | same)
    order = (at.desc(), name.desc()) if newest_first else (at, name)
    return [IncidentRow(*row) for row in conn.execute(query.order_by(*order).limit(limit))]


def of_job(conn: Connection, instance_id: str, effect_key: str) -> str | None:
    """Return the public id of the open incident of a job, or None."""
    query = select(incident.c.incident_id).where(
        incident.c.instance_id == instance_id,
        incident.c.effect_key == effect_key,
        incident.c.state == "open",
    )
    found = conn.execute(query).scalar()
    return None if found is None else f"{instance_id}-{found}"


def count_open(conn: Connection) -> int:
    """Return how many incidents wait for a person."""
    query = select(func.count()).select_from(incident).where(incident.c.state == "open")
    return int(conn.execute(query).scalar_one())


def add(conn: Connection, row: IncidentRow) -> None:
    """Insert an incident."""
    db.write(conn, _INSERT, [{name: getattr(row, name) for name in row.__slots__}])


def resolve(
    conn: Connection, instance_id: str, tokens: Sequence[str], by: str, at: datetime
) -> None:
    """Close the open incidents at tokens."""
    common = {"id": instance_id, "at": at, "by": by}
    db.write(conn, _RESOLVE, [{**common, "at_token": token} for token in tokens])


def move_all(conn: Connection, instance_id: str, activities: Mapping[str, str]) -> None:
    """Let the open incidents at tokens stand at their nodes of another version."""
    if activities:
        rows = [{"id": instance_id, "at": token, "to": to} for token, to in activities.items()]
        db.write(conn, _MOVE, rows)
