"""Complete several tasks of one kind with the same answers: one command for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from onething import tasks
from onething.errors import Conflict, InvalidInput, NotFound, OnethingError
from onething.forms import Posted
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS, require_role, stood_in_for, visible_task
from onething.runtime.tasks.claim_next import MOST_CLAIMED
from onething.runtime.tasks.complete_task import complete
from onething.tasks import TaskRow

BATCH = "true"
"""Value of a task's property `batch`: it may be completed together with others of its kind."""
DONE = "done"


@dataclass(frozen=True, slots=True)
class Together:
    """Tasks that a person may complete together."""

    tasks: tuple[TaskRow, ...]
    left_out: tuple[TaskRow, ...]
    """Of another kind, never done in batches, closed, or in other hands."""


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """What came of one task."""

    task_id: str
    code: str
    """`done`, or the code of the error for which it was not."""


def can_batch(actor: Actor, task: TaskRow) -> bool:
    """Whether a person may complete a task now, together with others of its kind."""
    is_mine = task.assignee in (None, actor.user) or stood_in_for(actor, task) is not None
    return task.is_live and is_mine and task.party is None and _is_for_batches(task)


def gather(host: Host, actor: Actor, task_ids: Sequence[str]) -> Together:
    """Return the tasks that go together with the first of them that may be done in a batch.

    Ids that do not exist for the person are passed over in silence.

    Raises:
        NotAllowed: The person is neither clerk nor supervisor.
        InvalidInput: They are more than 50.
    """
    found = _rows(host, actor, task_ids)
    usable = [one for one in found if can_batch(actor, one)]
    kind = _kind(usable[0]) if usable else None
    chosen = tuple(one for one in usable if _kind(one) == kind)
    return Together(chosen, tuple(one for one in found if one not in chosen))


def complete_many(
    host: Host, actor: Actor, task_ids: Sequence[str], answers: Posted, *, key: str
) -> list[TaskOutcome]:
    """Complete tasks with the same answers, each under a key of its own; tell what came of each.

    One that is refused hinders no other. A request repeated under its key does nothing again.

    Raises:
        NotAllowed: The person is neither clerk nor supervisor.
        InvalidInput: They are more than 50.
    """
    return [_outcome(host, actor, one, answers, key) for one in _wanted(actor, task_ids)]


def _outcome(host: Host, actor: Actor, task_id: str, answers: Posted, key: str) -> TaskOutcome:
    try:
        with host.database.read() as conn:
            task = visible_task(actor, conn, task_id)
            is_held = tasks.is_held(conn, task_id)
        if is_held or not _is_for_batches(task):
            raise Conflict
        complete(host, actor, task_id, answers, key=f"{key}.{task_id}")
    except OnethingError as error:
        return TaskOutcome(task_id, error.code)
    return TaskOutcome(task_id, DONE)


def _wanted(actor: Actor, task_ids: Sequence[str]) -> list[str]:
    require_role(actor, *WORKERS)
    wanted = list(dict.fromkeys(task_ids))
    if len(wanted) > MOST_CLAIMED:
        raise InvalidInput(f"At most {MOST_CLAIMED} tasks at once", {"task": "Too many"})
    return wanted


def _rows(host: Host, actor: Actor, task_ids: Sequence[str]) -> list[TaskRow]:
    found = []
    with host.database.read() as conn:
        for one in _wanted(actor, task_ids):
            try:
                found.append(visible_task(actor, conn, one))
            except NotFound:
                continue
    return found


def _kind(task: TaskRow) -> tuple[str, str, str | None]:
    return task.service, task.activity, task.form


def _is_for_batches(task: TaskRow) -> bool:
    return task.properties.get("batch") == BATCH
