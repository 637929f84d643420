"""Completions that their clerks may still undo: read and write them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from onething import db
from onething.tasks.models import held_completion
from onething.tasks.queries import split_id

_ONE = held_completion.c
_AT = (_ONE.instance_id == bindparam("id")) & (_ONE.token == bindparam("of_token"))
_FIND = select(held_completion).where(_AT)
_RELEASE = delete(held_completion).where(_AT)
_REFUSE = update(held_completion).where(_AT).values(refusal=bindparam("code"))


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One completion that was sent and has not taken effect."""

    instance_id: str
    token: str
    user: str
    """Who pressed; alone may undo it."""
    key: str
    """Idempotency key of the completion."""
    request: str
    """Keyed digest of what was sent."""
    sealed: bytes = field(repr=False)
    pressed_at: datetime
    due_at: datetime
    refusal: str | None = None
    """Code of the error for which it did not take effect."""

    @property
    def task_id(self) -> str:
        """The id of its task."""
        return f"{self.instance_id}-{self.token}"


def hold(conn: Connection, row: HeldRow) -> None:
    """Keep a completion; an earlier one of the same task, which was refused, makes room."""
    release(conn, row.task_id)
    conn.execute(insert(held_completion), {name: getattr(row, name) for name in HeldRow.__slots__})


def held_at(conn: Connection, task_id: str) -> HeldRow | None:
    """Return the completion of a task that waits to take effect, or was refused."""
    row = conn.execute(_FIND, _place(task_id)).first()
    return None if row is None else HeldRow(*row)


def is_held(conn: Connection, task_id: str) -> bool:
    """Whether a task is being completed."""
    found = held_at(conn, task_id)
    return found is not None and found.refusal is None


def held_among(conn: Connection, instance_ids: Sequence[str]) -> frozenset[str]:
    """Return the tasks of some instances that are being completed."""
    query = select(held_completion).where(
        _ONE.instance_id.in_(instance_ids), _ONE.refusal.is_(None)
    )
    return frozenset(HeldRow(*row).task_id for row in conn.execute(query))


def held_by(conn: Connection, user: str) -> list[HeldRow]:
    """Return a person's completions that wait or were refused, the oldest first."""
    query = select(held_completion).where(_ONE.user == user).order_by(_ONE.pressed_at, _ONE.token)
    return [HeldRow(*row) for row in conn.execute(query)]


def held_until(conn: Connection, now: datetime, limit: int, user: str | None) -> list[HeldRow]:
    """Return the completions whose time to be undone is over, a person's or everybody's."""
    query = select(held_completion).where(_ONE.due_at <= now, _ONE.refusal.is_(None))
    if user is not None:
        query = query.where(_ONE.user == user)
    return [HeldRow(*row) for row in conn.execute(query.order_by(_ONE.due_at).limit(limit))]


def release(conn: Connection, task_id: str) -> None:
    """Forget a completion: it took effect, was undone, or its clerk was told of the refusal."""
    conn.execute(_RELEASE, _place(task_id))


def release_all(conn: Connection, task_ids: Sequence[str]) -> None:
    """Forget the completions of tasks that are done, with the other writes of the command."""
    if task_ids:
        db.write(conn, _RELEASE, [_place(one) for one in task_ids])


def refuse_all(conn: Connection, task_ids: Sequence[str], code: str) -> None:
    """Note that completions did not take effect, with the other writes of the command."""
    if task_ids:
        db.write(conn, _REFUSE, [_place(one) | {"code": code} for one in task_ids])


def drop_refused(conn: Connection, before: datetime) -> int:
    """Delete the refusals that are older than an instant; return how many."""
    query = delete(held_completion).where(_ONE.refusal.is_not(None), _ONE.due_at <= before)
    return conn.execute(query).rowcount


def _place(task_id: str) -> dict[str, str]:
    instance_id, token = split_id(task_id)
    return {"id": instance_id, "of_token": token}
