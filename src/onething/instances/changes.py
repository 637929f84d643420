"""Write instances."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, update

from onething import db
from onething.errors import Conflict
from onething.instances.models import instance, snapshot
from onething.instances.queries import LIVE, InstanceRow

_ADVANCE = (
    update(instance)
    .where(instance.c.instance_id == bindparam("id"), instance.c.sequence == bindparam("from"))
    .values(
        status=bindparam("status"),
        sequence=bindparam("to"),
        hash=bindparam("new_hash"),
        snapshot_sequence=bindparam("snapshot"),
        updated_at=bindparam("at"),
        ended_at=bindparam("ended"),
    )
)
_MOVE = (
    update(instance).where(instance.c.instance_id == bindparam("id")).values(number=bindparam("to"))
)
_INSERT = insert(instance)
_DROP_SNAPSHOT = delete(snapshot).where(snapshot.c.instance_id == bindparam("id"))
_PUT_SNAPSHOT = insert(snapshot)


def add(conn: Connection, row: InstanceRow) -> None:
    """Insert a new instance."""
    db.write(conn, _INSERT, [{name: getattr(row, name) for name in row.__slots__}])


def advance(  # noqa: PLR0913 - one value a column
    conn: Connection,
    row: InstanceRow,
    *,
    new_hash: bytes,
    status: str,
    at: datetime,
    snapshot_sequence: int,
) -> None:
    """Move the instance one event on.

    Raises:
        Conflict: Another command moved it first.
    """
    ended = row.ended_at or (None if status in LIVE else at)
    values = {
        "id": row.instance_id,
        "from": row.sequence,
        "to": row.sequence + 1,
        "new_hash": new_hash,
        "status": status,
        "snapshot": snapshot_sequence,
        "at": at,
        "ended": ended,
    }
    moved_on = Conflict(f"The instance {row.instance_id} has moved on")
    db.write(conn, _ADVANCE, [values], otherwise=moved_on)


def advance_all(conn: Connection, moved: Sequence[tuple[InstanceRow, bytes]], at: datetime) -> None:
    """Move live instances one event on, each with its new hash; their snapshots stay.

    Raises:
        Conflict: Another command moved one of them first.
    """
    if not moved:
        return
    values = [
        {
            "id": row.instance_id,
            "from": row.sequence,
            "to": row.sequence + 1,
            "new_hash": new_hash,
            "status": row.status,
            "snapshot": row.snapshot_sequence,
            "at": max(at, row.updated_at),
            "ended": row.ended_at,
        }
        for row, new_hash in moved
    ]
    if conn.execute(_ADVANCE, values).rowcount != len(moved):
        raise Conflict("An instance has moved on")


def keep_state(conn: Connection, instance_id: str, sequence: int, data: bytes) -> None:
    """Replace the instance's snapshot."""
    kept = {"instance_id": instance_id, "sequence": sequence, "data": data}
    db.write(conn, _DROP_SNAPSHOT, [{"id": instance_id}])
    db.write(conn, _PUT_SNAPSHOT, [kept])


def move(conn: Connection, instance_id: str, number: int) -> None:
    """Let an instance go on in another deployment of its service."""
    conn.execute(_MOVE, {"id": instance_id, "to": number})
