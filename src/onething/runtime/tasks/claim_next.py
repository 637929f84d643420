"""Claim what comes next, or several tasks at once: one command for each task that is tried.

Whoever comes second at a task goes on to the one after it, so that clerks who take at the same
instant each get one of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onething import instances, tasks
from onething.errors import Conflict, InvalidInput, NotFound, PersonAbsent
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS, own_tasks, require_role, visible_task
from onething.runtime.tasks.work_on_task import claim
from onething.tasks import Filter, TaskRow

MOST_CLAIMED = 50
"""So many tasks one person claims at once."""
_LOOK = 20
"""So many candidates are read at a time."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What came of claiming several tasks."""

    taken: tuple[str, ...]
    """Ids of the tasks that the person holds now."""
    missed: tuple[TaskRow, ...]
    """Tasks that somebody else holds, or that are closed."""


def claim_next(host: Host, actor: Actor) -> str | None:
    """Take the free task of the own post that is due first; None where nothing is free.

    Tasks of cases that an operator has suspended are passed over: nobody can finish them.

    Raises:
        NotAllowed: The person is neither clerk nor supervisor.
        PersonAbsent: The person is absent today: their substitute gets what is due.
    """
    require_role(actor, *WORKERS)
    if actor.absent_until is not None:
        raise PersonAbsent(actor.user, actor.absent_until)
    return _take_first(host, actor, replace(own_tasks(actor), states=("open",)))


def claim_following(host: Host, actor: Actor, case_no: str) -> str | None:
    """Take what the person does after a task of a case: of the same case, else what is due first.

    What the person holds already counts as well as what is free; who is absent goes on with
    nothing.

    Raises:
        NotAllowed: The person is neither clerk nor supervisor.
    """
    require_role(actor, *WORKERS)
    if actor.absent_until is not None:
        return None
    own = replace(own_tasks(actor), open_to=actor.user)
    same = _take_first(host, actor, replace(own, case_no=case_no))
    return same or _take_first(host, actor, own)


def claim_of_case(host: Host, actor: Actor, case_no: str) -> str | None:
    """Take the first task of one case that is the own post's; None where there is none.

    Raises:
        NotAllowed: The person is neither clerk nor supervisor.
    """
    require_role(actor, *WORKERS)
    if actor.absent_until is not None:
        return None
    return _take_first(host, actor, replace(own_tasks(actor), open_to=actor.user, case_no=case_no))


def claim_many(host: Host, actor: Actor, task_ids: Sequence[str]) -> Claimed:
    """Take several tasks; what somebody else was quicker to take is told and hinders nothing.

    Ids that do not exist for the person are passed over in silence.

    Raises:
        NotAllowed: The person is neither clerk nor supervisor.
        InvalidInput: They are more than 50.
    """
    require_role(actor, *WORKERS)
    wanted = list(dict.fromkeys(task_ids))
    if len(wanted) > MOST_CLAIMED:
        raise InvalidInput(f"At most {MOST_CLAIMED} tasks at once", {"task": "Too many"})
    taken, missed = [], []
    for task_id in wanted:
        try:
            claim(host, actor, task_id)
            taken.append(task_id)
        except Conflict:
            missed.append(task_id)
        except NotFound:
            continue
    return Claimed(tuple(taken), _rows(host, actor, missed))


def _take_first(host: Host, actor: Actor, wanted: Filter) -> str | None:
    """Take the first task that a filter finds, can be worked on, and nobody else gets before."""
    after = None
    while True:
        with host.database.read() as conn:
            found = tasks.worklist(conn, wanted, after=after, limit=_LOOK)
            paused = instances.suspended_among(conn, sorted({one.instance_id for one in found}))
        for task in found:
            if task.instance_id not in paused and _take(host, actor, task.id):
                return task.id
        if len(found) < _LOOK:
            return None
        after = found[-1].id


def _take(host: Host, actor: Actor, task_id: str) -> bool:
    """Tell whether the person holds a task now."""
    try:
        claim(host, actor, task_id)
    except (Conflict, NotFound):
        return False
    return True


def _rows(host: Host, actor: Actor, task_ids: Sequence[str]) -> tuple[TaskRow, ...]:
    with host.database.read() as conn:
        return tuple(visible_task(actor, conn, one) for one in task_ids)
