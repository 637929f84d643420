"""Write cases and items."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, null, update
from sqlalchemy import case as when

from onething import db
from onething.cases.models import case, item, open_subject
from onething.cases.queries import CLOSED, CaseRow, ItemRow

_INSERT = insert(case)
_INSERT_ITEM = insert(item)
_HOLD = insert(open_subject)
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
    db.write(conn, _INSERT, [{name: getattr(row, name) for name in row.__slots__}])
    names = [name for name in ItemRow.__slots__ if name != "reason"]
    db.write(conn, _INSERT_ITEM, [{name: getattr(one, name) for name in names} for one in items])
    if subject is not None:
        held = {"service": row.service, "subject": subject, "instance_id": row.instance_id}
        db.write(conn, _HOLD, [held])


_CANCEL_LIVE = (
    update(item)
    .where(item.c.instance_id == bindparam("id"), *(item.c.state != one for one in ENDED))
    .values(state="cancelled", ended_at=bindparam("at"))
)
_SET_STATE = (
    update(case)
    .where(case.c.instance_id == bindparam("id"))
    .values(
        {
            name: func.coalesce(bindparam(f"new_{name}", type_=case.c[name].type), case.c[name])
            for name in ("state", "result", "accepted_at", "closed_at")
        }
    )
)
_HANDLED_AFTER_ALL = and_(item.c.state == "not_needed", bindparam("new_state") != "not_needed")
_KEPT_REASON = when((_HANDLED_AFTER_ALL, null()), else_=item.c.sealed_reason)
_SET_ITEM = (
    update(item)
    .where(item.c.instance_id == bindparam("id"), item.c.item_id == bindparam("item"))
    .values(
        state=bindparam("new_state"),
        sealed_reason=func.coalesce(bindparam("why"), _KEPT_REASON),
        started_at=func.coalesce(item.c.started_at, bindparam("at")),
        ended_at=bindparam("ended"),
    )
)


def set_state(
    conn: Connection, instance_id: str, state: str | None, result: str | None, at: datetime
) -> None:
    """Move a case to a state, a result, or both; a closed case lets its subject go."""
    values = {
        "id": instance_id,
        "new_state": state,
        "new_result": result,
        "new_accepted_at": at if state == "ACCEPTED" else None,
        "new_closed_at": at if state in CLOSED else None,
    }
    db.write(conn, _SET_STATE, [values])
    if state in CLOSED:
        db.write(conn, _RELEASE, [{"id": instance_id}])


def close(conn: Connection, instance_id: str, fallback: str | None, at: datetime) -> None:
    """Close a case whose instance has ended.

    Items that were still going on are cancelled; `fallback` is the result where the model set
    none; the core subject is let go.
    """
    db.write(conn, _CLOSE, [{"id": instance_id, "at": at, "fallback": fallback}])
    db.write(conn, _CANCEL_LIVE, [{"id": instance_id, "at": at}])
    db.write(conn, _RELEASE, [{"id": instance_id}])


def set_item(  # noqa: PLR0913 - the columns that change
    conn: Connection,
    instance_id: str,
    item_id: str,
    state: str,
    sealed_reason: bytes | None,
    at: datetime,
) -> None:
    """Move an item to a state; the reason stays when none is given.

    Why an item was not needed falls away once it is handled after all.
    """
    values = {
        "id": instance_id,
        "item": item_id,
        "new_state": state,
        "why": sealed_reason,
        "at": at,
        "ended": at if state in ENDED else None,
    }
    db.write(conn, _SET_ITEM, [values])


def move(conn: Connection, instance_id: str, number: int) -> None:
    """Let a case go on in another deployment of its service."""
    conn.execute(_MOVE, {"id": instance_id, "to": number})
