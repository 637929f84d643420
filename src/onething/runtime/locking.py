"""What a command reads first, in one statement: it locks the instance and looks beside it.

Beside it stands whether the token still holds that the caller was known by, so that what is
remembered of callers costs no statement and a revoked token changes nothing any more.

The lock may have to wait. PostgreSQL then gives the locked row as it is now, and everything
beside it as it was before the wait; so the statement also reads the sequence that it saw
before, and is run again when the two differ.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Text, bindparam, func, literal, select

from onething import db
from onething.calendars.models import calendar_notice
from onething.errors import NotFound, NotSignedIn
from onething.history.models import case_key
from onething.identity import Actor
from onething.identity.models import person, token
from onething.instances import InstanceRow
from onething.instances.models import instance
from onething.tasks import TaskRow, count_redirects
from onething.tasks.models import task

_before = instance.alias("before")
_seen = select(_before.c.sequence).where(_before.c.instance_id == bindparam("id"))
_newest_notice = select(func.coalesce(func.max(calendar_notice.c.number), 0))
_holds = (
    select(literal(1))
    .select_from(token.join(person))
    .where(token.c.token_id == bindparam("by_token", type_=Text))
    .where(token.c.revoked_at.is_(None), ~person.c.is_disabled)
)
_BESIDE = (
    _seen.scalar_subquery(),
    _newest_notice.scalar_subquery(),
    count_redirects.scalar_subquery(),
    _holds.scalar_subquery(),
    case_key.c.hash_name,
    case_key.c.wrapped,
)


def _locking(*columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of several tables
    return (
        select(instance, *_BESIDE, *columns)
        .select_from(instance.outerjoin(case_key, case_key.c.instance_id == instance.c.instance_id))
        .where(instance.c.instance_id == bindparam("id"))
        .with_for_update(of=instance)
    )


_OF_TASK = (task.c.instance_id == instance.c.instance_id) & (task.c.token == bindparam("of_token"))
_ALONE = _locking(literal(0))
_WITH_TASK = _locking(task).join(task, _OF_TASK)
_SPLIT = len(instance.c)
_OUTSIDE = select(_newest_notice.scalar_subquery(), count_redirects.scalar_subquery())


@dataclass(frozen=True, slots=True)
class Locked:
    """An instance that is held until the transaction ends, and what lies beside it."""

    row: InstanceRow
    newest_notice: int
    """Number of the newest imported holiday notice; 0 where none was."""
    redirects: int
    """How many rows tell of offices that have moved."""
    hash_name: str | None
    """Hash of the instance's chain; None where no key was drawn yet."""
    wrapped: bytes | None
    """The instance's wrapped key; None too once it was erased."""
    task: TaskRow | None


def look_outside(conn: Connection) -> tuple[int, int]:
    """Return number of the newest notice and rows of redirects, for what has no instance yet."""
    notice, redirects = db.first(conn, _OUTSIDE, {}) or (0, 0)
    return notice, redirects


def lock(conn: Connection, instance_id: str, actor: Actor) -> Locked:
    """Hold an instance until the transaction ends.

    Raises:
        NotFound: There is none.
        NotSignedIn: The token that the actor acts by was revoked, or the account closed.
    """
    return _lock(conn, _ALONE, {"id": instance_id}, actor, f"No instance {instance_id}")


def lock_with_task(
    conn: Connection, instance_id: str, at_token: str, actor: Actor
) -> tuple[Locked, TaskRow]:
    """Hold the instance of a task, as `lock`, and return the task; NotFound for either."""
    given = {"id": instance_id, "of_token": at_token}
    found = _lock(conn, _WITH_TASK, given, actor, f"No task {instance_id}-{at_token}")
    assert found.task is not None  # noqa: S101 - the statement joins it
    return found, found.task


def _lock(
    conn: Connection, statement: Select[Any], given: dict[str, str], actor: Actor, missing: str
) -> Locked:
    while True:
        row = db.first(conn, statement, given | {"by_token": actor.token})
        if row is None:
            raise NotFound(missing)
        held = InstanceRow(*row[:_SPLIT])
        if row[_SPLIT] == held.sequence:
            return _locked(held, row, actor)


def _locked(held: InstanceRow, row: tuple[Any, ...], actor: Actor) -> Locked:
    _seen, newest_notice, redirects, holds, hash_name, wrapped, *more = row[_SPLIT:]
    if actor.token is not None and not holds:
        raise NotSignedIn("The token is no longer valid")
    return Locked(
        row=held,
        newest_notice=newest_notice,
        redirects=redirects,
        hash_name=hash_name,
        wrapped=wrapped,
        task=TaskRow(*more) if len(more) > 1 else None,
    )
