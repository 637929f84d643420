"""Write the worklist."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, bindparam, func, insert, or_, update

from onething import db
from onething.tasks.filters import LIVE
from onething.tasks.models import task
from onething.tasks.queries import TaskRow

_INSERT = insert(task)
_CLOSE = (
    update(task)
    .where(
        task.c.instance_id == bindparam("id"),
        task.c.token == bindparam("of_token"),
        or_(*(task.c.state == state for state in LIVE)),
    )
    .values(
        state=bindparam("new_state"),
        closed_at=bindparam("at"),
        assignee=func.coalesce(task.c.assignee, bindparam("by")),
    )
)
_REDATE = (
    update(task)
    .where(task.c.instance_id == bindparam("id"), task.c.token == bindparam("of_token"))
    .values(due_at=bindparam("at"))
)
_MOVE = (
    update(task)
    .where(
        task.c.instance_id == bindparam("id"),
        task.c.token == bindparam("to_token"),
        or_(*(task.c.state == state for state in LIVE)),
    )
    .values(
        activity=bindparam("to_activity"),
        process=bindparam("to_process"),
        name=bindparam("to_name"),
        form=bindparam("to_form"),
    )
)


def open_all(conn: Connection, rows: Sequence[TaskRow]) -> None:
    """Insert tasks that a step opened."""
    if rows:
        names = TaskRow.__slots__
        db.write(conn, _INSERT, [{name: getattr(row, name) for name in names} for row in rows])


def close_all(
    conn: Connection,
    instance_id: str,
    states: dict[str, str],
    at: datetime,
    by: str | None = None,
) -> None:
    """Close the live tasks at tokens: `states` gives completed or cancelled per token.

    What nobody held and a person completes is that person's (`by`) from now on.
    """
    if states:
        rows: list[dict[str, Any]] = [
            {
                "id": instance_id,
                "of_token": token,
                "new_state": state,
                "at": at,
                "by": by if state == "completed" else None,
            }
            for token, state in states.items()
        ]
        db.write(conn, _CLOSE, rows)


def move_all(conn: Connection, instance_id: str, places: Sequence[Mapping[str, Any]]) -> None:
    """Let live tasks stand at their nodes of another version; who holds them stays.

    Each place names `token`, `activity`, `process`, `name` and `form`.
    """
    if places:
        rows = [{f"to_{name}": one[name] for name in one} for one in places]
        db.write(conn, _MOVE, [{"id": instance_id, **row} for row in rows])


def move_office(conn: Connection, row: TaskRow, post: str | None, region: str | None) -> None:
    """Let a live task lie in the queue of another post or region; nobody holds it then."""
    conn.execute(
        update(task)
        .where(task.c.instance_id == row.instance_id, task.c.token == row.token)
        .values(
            post=post,
            region=region,
            assignee=None,
            delegated_by=None,
            held_for=None,
            state="open",
        )
    )


def redate(conn: Connection, rows: Sequence[TaskRow]) -> None:
    """Let tasks be due when their rows say."""
    if rows:
        keys = [{"id": row.instance_id, "of_token": row.token, "at": row.due_at} for row in rows]
        db.write(conn, _REDATE, keys)


def assign(  # noqa: PLR0913 - the parts of one change of hands
    conn: Connection,
    row: TaskRow,
    assignee: str | None,
    *,
    delegated_by: str | None = None,
    held_for: str | None = None,
    beside: ScalarSelect[Any] | None = None,
) -> Any:  # noqa: ANN401 - whatever the question is answered with
    """Give a live task to a person, or back to the queue (None).

    Args:
        conn: The transaction.
        row: The task.
        assignee: Who holds it from now on.
        delegated_by: Who gave it away.
        held_for: The absent person for whom the holder took it.
        beside: A question to ask in the same statement; its answer is returned.
    """
    change = (
        update(task)
        .where(task.c.instance_id == row.instance_id, task.c.token == row.token)
        .values(
            assignee=assignee,
            delegated_by=delegated_by,
            held_for=held_for,
            state="open" if assignee is None else "claimed",
        )
    )
    if beside is None:
        conn.execute(change)
        return None
    return conn.execute(change.returning(beside)).scalar_one()
