"""Read instances."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from onething.errors import NotFound
from onething.instances.models import instance, snapshot

LIVE = ("active", "suspended")
"""States of an instance that has not ended."""

_ONE = select(instance).where(instance.c.instance_id == bindparam("id"))
_LOCKED = _ONE.with_for_update()
_SNAPSHOT = select(snapshot.c.sequence, snapshot.c.data).where(
    snapshot.c.instance_id == bindparam("id")
)


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """Where one instance stands."""

    instance_id: str
    case_no: str
    """Number of the case that the instance is the root of."""
    region: str | None
    """Division code of the case."""
    service: str
    number: int
    status: str
    sequence: int
    hash: bytes
    snapshot_sequence: int
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None

    @property
    def is_live(self) -> bool:
        """Whether it has not ended; an operator may have suspended it."""
        return self.status in LIVE

    @property
    def is_suspended(self) -> bool:
        """Whether an operator has suspended it."""
        return self.status == "suspended"


def find(conn: Connection, instance_id: str) -> InstanceRow | None:
    """Return the instance, or None."""
    row = conn.execute(_ONE, {"id": instance_id}).first()
    return None if row is None else InstanceRow(*row)


def get(conn: Connection, instance_id: str) -> InstanceRow:
    """Return the instance; raise NotFound when there is none."""
    found = find(conn, instance_id)
    if found is None:
        raise NotFound(f"No instance {instance_id}")
    return found


def lock(conn: Connection, instance_id: str) -> InstanceRow:
    """Return the instance and hold its row until the transaction ends."""
    row = conn.execute(_LOCKED, {"id": instance_id}).first()
    if row is None:
        raise NotFound(f"No instance {instance_id}")
    return InstanceRow(*row)


def lock_all(conn: Connection, instance_ids: Sequence[str]) -> list[InstanceRow]:
    """Return instances by id and hold their rows until the transaction ends."""
    query = select(instance).where(instance.c.instance_id.in_(instance_ids))
    rows = conn.execute(query.order_by(instance.c.instance_id).with_for_update())
    return [InstanceRow(*row) for row in rows]


def stored_state(conn: Connection, instance_id: str) -> tuple[int, bytes] | None:
    """Return (sequence, sealed bytes) of the newest snapshot, or None."""
    row = conn.execute(_SNAPSHOT, {"id": instance_id}).first()
    return None if row is None else (row[0], row[1])


def every(conn: Connection, batch: int = 500) -> Iterator[InstanceRow]:
    """Yield all instances by id, read in batches."""
    last = ""
    while True:
        query = select(instance).where(instance.c.instance_id > last)
        rows = conn.execute(query.order_by(instance.c.instance_id).limit(batch)).all()
        if not rows:
            return
        for row in rows:
            yield InstanceRow(*row)
        last = rows[-1].instance_id


def live_after(conn: Connection, after: str, limit: int) -> list[str]:
    """Return the ids of live instances behind one, in order."""
    query = select(instance.c.instance_id).where(
        instance.c.ended_at.is_(None), instance.c.instance_id > after
    )
    return list(conn.scalars(query.order_by(instance.c.instance_id).limit(limit)))


def of_deployment(
    conn: Connection, service: str, number: int, after: str = "", limit: int = 500
) -> list[str]:
    """Return the ids of the live instances of a deployment behind one, in order."""
    query = (
        select(instance.c.instance_id)
        .where(
            instance.c.service == service,
            instance.c.number == number,
            instance.c.status.in_(LIVE),
            instance.c.instance_id > after,
        )
        .order_by(instance.c.instance_id)
        .limit(limit)
    )
    return list(conn.execute(query).scalars())


def count_of(conn: Connection, service: str, number: int) -> tuple[int, int]:
    """Return how many instances of a deployment are live, and how many have ended."""
    of_it = instance.c.service == service, instance.c.number == number
    query = select(instance.c.status, func.count()).where(*of_it).group_by(instance.c.status)
    found: dict[str, int] = dict(tuple(row) for row in conn.execute(query))
    live = sum(found.pop(status, 0) for status in LIVE)
    return live, sum(found.values())


def running(conn: Connection) -> list[tuple[str, int, int]]:
    """Return service, deployment and number of the live instances, by service and deployment."""
    of_one = instance.c.service, instance.c.number
    query = select(*of_one, func.count()).where(instance.c.status.in_(LIVE))
    return [tuple(row) for row in conn.execute(query.group_by(*of_one).order_by(*of_one))]


def count(conn: Connection, status: str) -> int:
    """Return how many instances have a status, from an index."""
    query = select(func.count()).select_from(instance).where(instance.c.status == status)
    return int(conn.execute(query).scalar_one())


def suspended_among(conn: Connection, instance_ids: Sequence[str]) -> frozenset[str]:
    """Return those of some instances that an operator has suspended."""
    if not instance_ids:
        return frozenset()
    query = select(instance.c.instance_id).where(
        instance.c.instance_id.in_(instance_ids), instance.c.status == "suspended"
    )
    return frozenset(conn.execute(query).scalars())
