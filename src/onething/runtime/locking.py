"""What a command reads first, in one statement: it locks the instance and looks beside it.

The lock may have to wait. PostgreSQL then gives the locked row as it is now, and everything
beside it as it was before the wait; so the statement also reads the sequence that it saw
before, and is run again when the two differ.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, literal, select

from onething.calendars.models import calendar_notice
from onething.errors import NotFound
from onething.history.models import case_key
from onething.instances import InstanceRow
from onething.instances.models import instance
from onething.tasks import TaskRow
from onething.tasks.models import task

_before = instance.alias("before")
_seen = select(_before.c.sequence).where(_before.c.instance_id == bindparam("id"))
_newest_notice = select(func.coalesce(func.max(calendar_notice.c.number), 0))
_BESIDE = (
    _seen.scalar_subquery(),
    _newest_notice.scalar_subquery(),
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


@dataclass(frozen=True, slots=True)
class Locked:
    """An instance that is held until the transaction ends, and what lies beside it."""

    row: InstanceRow
    newest_notice: int
    """Number of the newest imported holiday notice; 0 where none was."""
    hash_name: str | None
    """Hash of the instance's chain; None where no key was drawn yet."""
    wrapped: bytes | None
    """The instance's wrapped key; None too once it was erased."""
    task: TaskRow | None


def lock(conn: Connection, instance_id: str) -> Locked:
    """Hold an instance until the transaction ends; raise NotFound when there is none."""
    return _lock(conn, _ALONE, {"id": instance_id}, f"No instance {instance_id}")


def lock_with_task(conn: Connection, instance_id: str, token: str) -> tuple[Locked, TaskRow]:
    """Hold the instance of a task, as `lock`, and return the task; NotFound for either."""
    given = {"id": instance_id, "of_token": token}
    found = _lock(conn, _WITH_TASK, given, f"No task {instance_id}-{token}")
    assert found.task is not None  # noqa: S101 - the statement joins it
    return found, found.task


def _lock(conn: Connection, statement: Select[Any], given: dict[str, str], missing: str) -> Locked:
    while True:
        row = conn.execute(statement, given).first()
        if row is None:
            raise NotFound(missing)
        held = InstanceRow(*row[:_SPLIT])
        if row[_SPLIT] == held.sequence:
            return _locked(held, row)


def _locked(held: InstanceRow, row: Row[Any]) -> Locked:
    _seen, newest_notice, hash_name, wrapped, *more = row[_SPLIT:]
    return Locked(
        row=held,
        newest_notice=newest_notice,
        hash_name=hash_name,
        wrapped=wrapped,
        task=TaskRow(*more) if len(more) > 1 else None,
    )
