"""Give back what a substitute took over, once the absent person is there again.

What nobody took lies where it lay: it was never the substitute's. What the substitute claimed
stays in the substitute's hands, so that nothing that was begun is torn away; one press gives it
to whom it was taken for, with what was typed into it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection

from onething import identity, tasks
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotAllowed, NotFound
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS, require_role, sees_task, visible_task
from onething.runtime.tasks.work_on_task import hand_over, may_take, require_present
from onething.runtime.turn import Receipt
from onething.tasks import TaskRow


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What one person holds for another one who was absent."""

    holder: str
    absent: str
    tasks: tuple[TaskRow, ...]
    is_back: bool
    """Whether the absent person works there today."""


@dataclass(frozen=True, slots=True)
class HandedBack:
    """What became of the tasks that were to be given back."""

    given: int
    left: tuple[TaskRow, ...]
    """What the other person may not do any more, or what moved on meanwhile."""


def view_taken_over(host: Host, actor: Actor) -> list[TakenOver]:
    """Return what the actor holds for colleagues who were absent and are back."""
    if actor.department is None or not actor.roles.intersection(WORKERS):
        return []
    with host.database.read() as conn:
        found = taken_over(host, conn, actor.department, actor.user)
    return [one for one in found if one.is_back]


def taken_over(
    host: Host, conn: Connection, department: str, holder: str | None = None
) -> list[TakenOver]:
    """Return who of a department holds what for whom; of one holder, or of all."""
    rows = tasks.held_for_others(conn, department, holder)
    if not rows:
        return []
    away = identity.away_on(conn, department, host.today)
    return [
        TakenOver(user, absent, tuple(some), absent not in away)
        for (user, absent), some in groupby(rows, _hands)
    ]


def _hands(task: TaskRow) -> tuple[str, str]:
    """Return who holds a task, and for whom."""
    return task.assignee or "", task.held_for or ""


def hand_back(host: Host, actor: Actor, task_id: str, *, key: str | None = None) -> Receipt:
    """Give a task that was taken over to whom it was taken for.

    A request repeated under its idempotency key is answered with the first one's answer.

    Raises:
        NotFound: No such task for this person.
        AlreadyDone: It is closed.
        NotAllowed: Another person holds it and the actor is no supervisor.
        Conflict: Nobody took it over, or it is in other hands by now.
        PersonAbsent: Whose it is, is still absent.
        InvalidInput: Whose it is, has no post for it any more.
        KeyReused: The key was used with another request.
    """
    with host.database.read() as conn:
        of = visible_task(actor, conn, task_id).held_for
    if of is None:
        raise Conflict("Nobody took this task over")

    def check(conn: Connection, task: TaskRow) -> None:
        if task.held_for != of:
            raise Conflict("This task is in other hands by now")
        if task.assignee != actor.user and "supervisor" not in actor.roles:
            raise NotAllowed("Another person holds this task")
        if not may_take(conn, of, task):
            raise InvalidInput(f"{of} has no post for this task any more")
        require_present(host, conn, task.department or "", of)

    return hand_over(host, actor, task_id, "TaskDelegated", of, check, key)


def hand_back_all(host: Host, actor: Actor, absent: str, holder: str | None = None) -> HandedBack:
    """Give back all that one person holds for another, each task by itself.

    Args:
        host: The node.
        actor: The holder, or a supervisor of the department.
        absent: Whose the tasks are.
        holder: Who holds them; None: the actor.

    Raises:
        NotAllowed: The actor is neither the holder nor a supervisor.
        PersonAbsent: Whose they are, is still absent.
    """
    department, holder = actor.department or "", holder or actor.user
    require_role(actor, *(WORKERS if holder == actor.user else ("supervisor",)))
    with host.database.read() as conn:
        require_present(host, conn, department, absent)
        found = tasks.held_for_others(conn, department, holder)
        wanted = [one for one in found if one.held_for == absent and sees_task(actor, conn, one)]
    left = tuple(_left(host, actor, wanted))
    return HandedBack(len(wanted) - len(left), left)


def _left(host: Host, actor: Actor, wanted: Iterable[TaskRow]) -> Iterable[TaskRow]:
    for one in wanted:
        try:
            hand_back(host, actor, one.id)
        except (AlreadyDone, Conflict, InvalidInput, NotAllowed, NotFound):
            yield one
