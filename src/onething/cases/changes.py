"""Write cases and items."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, update

from onething.cases.models import case, item, open_subject
from onething.cases.queries import CLOSED, CaseRow, ItemRow

_RELEASE = delete(open_subject).where(open_subject.c.instance_id == bindparam("id"))
_CLOSE = (
    update(case)
    .where(case.c.instance_id == bindparam("id"), *(case.c.state != one for one in CLOSED))
    .values(
        state="CLOSED",
        closed_at=bindparam("at"),
        result=func.coalesce(case.c.result, bindparam("fallback")),
    )
)
_MOVE = update(case).where(case.c.instance_id == bindparam("id")).values(number=bindparam("to"))
ENDED = ("granted", "denied", "cancelled", "failed", "not_needed", "withdrawn")


def add(conn: Connection, row: CaseRow, items: Sequence[ItemRow], subject: str | None) -> None:
    """Insert a case with its items, which have no reason yet, and hold its core subject."""
    conn.execute(insert(case).values({name: getattr(row, name) for name in row.__slots__}))
    if items:
        names = [name for name in ItemRow.__slots__ if name != "reason"]
        conn.execute(insert(item), [{name: getattr(one, name) for name in names} for one in items])
    if subject is not None:
        conn.execute(
            insert(open_subject).values(
                service=row.service, subject=subject, instance_id=row.instance_id
            )
        )


_CANCEL_LIVE = (
    update(item)
    .where(item.c.instance_id == bindparam("id"), *(item.c.state != one for one in ENDED))
    .values(state="cancelled", ended_at=bindparam("at"))
)
_SET_ITEM = (
    update(item)
    .where(item.c.instance_id == bindparam("id"), item.c.item_id == bindparam("item"))
    .values(
        state=bindparam("new_state"),
        sealed_reason=func.coalesce(bindparam("why"), item.c.sealed_reason),
        started_at=func.coalesce(item.c.started_at, bindparam("at")),
        ended_at=bindparam("ended"),
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
        conn.execute(_RELEASE, {"id": instance_id})


def close(conn: Connection, instance_id: str, fallback: str | None, at: datetime) -> None:
    """Close a case whose instance has ended.

    Items that were still going on are cancelled; `fallback` is the result where the model set
    none; the core subject is let go.
    """
    conn.execute(_CLOSE, {"id": instance_id, "at": at, "fallback": fallback})
    conn.execute(_CANCEL_LIVE, {"id": instance_id, "at": at})
    conn.execute(_RELEASE, {"id": instance_id})


def set_item(  # noqa: PLR0913 - the columns that change
    conn: Connection,
    instance_id: str,
    item_id: str,
    state: str,
    sealed_reason: bytes | None,
    at: datetime,
) -> None:
    """Move an item to a state; the reason stays when none is given."""
    conn.execute(
        _SET_ITEM,
        {
            "id": instance_id,
            "item": item_id,
            "new_state": state,
            "why": sealed_reason,
            "at": at,
            "ended": at if state in ENDED else None,
        },
    )


def move(conn: Connection, instance_id: str, number: int) -> None:
    """Let a case go on in another deployment of its service."""
    conn.execute(_MOVE, {"id": instance_id, "to": number})
