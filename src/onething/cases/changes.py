"""Write cases and items."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, update

from onething.cases.models import case, item, open_subject
from onething.cases.queries import CLOSED, CaseRow, ItemRow

ENDED = ("granted", "denied", "cancelled", "failed", "not_needed", "withdrawn")


def add(
    conn: Connection, row: CaseRow, items: Sequence[ItemRow], subject: str | None
) -> None:
    """Insert a case with its items, and hold its core subject."""
    conn.execute(insert(case).values({name: getattr(row, name) for name in row.__slots__}))
    if items:
        names = ItemRow.__slots__
        conn.execute(insert(item), [{name: getattr(one, name) for name in names} for one in items])
    if subject is not None:
        conn.execute(
            insert(open_subject).values(
                service=row.service, subject=subject, instance_id=row.instance_id
            )
        )


def set_state(
    conn: Connection, instance_id: str, state: str | None, result: str | None, at: datetime
) -> None:
    """Move a case to a state, a result, or both; a closed case lets its subject go."""
    values: dict[str, Any] = {}
    if state is not None:
        values["state"] = state
    if result is not None:
        values["result"] = result
    if state == "ACCEPTED":
        values["accepted_at"] = at
    if state in CLOSED:
        values["closed_at"] = at
    conn.execute(update(case).where(case.c.instance_id == instance_id).values(**values))
    if state in CLOSED:
        release_subject(conn, instance_id)


def release_subject(conn: Connection, instance_id: str) -> None:
    """Let the core subject of a case go."""
    conn.execute(delete(open_subject).where(open_subject.c.instance_id == instance_id))


def set_item(  # noqa: PLR0913 - the columns that change
    conn: Connection,
    instance_id: str,
    item_id: str,
    state: str,
    reason: str | None,
    at: datetime,
) -> None:
    """Move an item to a state; the reason stays when none is given."""
    values: dict[str, Any] = {"state": state}
    if reason:
        values["reason"] = reason
    values["started_at"] = func.coalesce(item.c.started_at, at)
    values["ended_at"] = at if state in ENDED else None
    conn.execute(
        update(item)
        .where(item.c.instance_id == instance_id, item.c.item_id == item_id)
        .values(**values)
    )
