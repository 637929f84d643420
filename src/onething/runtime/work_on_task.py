"""Claim, return and delegate a task: who holds it."""

from sqlalchemy import Connection

from onething import identity, tasks
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotAllowed
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import covers, visible_task
from onething.runtime.turn import Receipt, Turn
from onething.tasks import TaskRow


def claim(host: Host, actor: Actor, task_id: str) -> Receipt:
    """Take a task from the queue; whoever holds it already goes on holding it.

    Raises:
        NotFound: No such task for this person.
        AlreadyDone: It is closed.
        Conflict: Somebody else holds it.
    """

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, tasks.split_id(task_id)[0])
        task = _live(actor, conn, task_id)
        if task.assignee not in (None, actor.user):
            raise Conflict(f"{task.assignee} holds this task")
        if task.assignee == actor.user:
            return turn.unchanged()
        tasks.assign(conn, task, actor.user)
        return turn.append("TaskClaimed", note={"token": task.token})

    return host.write(transaction)


def return_task(host: Host, actor: Actor, task_id: str) -> Receipt:
    """Put a claimed task back into the queue; one that lies there stays.

    Raises:
        NotFound: No such task for this person.
        AlreadyDone: It is closed.
        NotAllowed: Another person holds it and the actor is no supervisor.
    """

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, tasks.split_id(task_id)[0])
        task = _live(actor, conn, task_id)
        _require_hold(actor, task)
        if task.assignee is None:
            return turn.unchanged()
        tasks.assign(conn, task, None)
        return turn.append("TaskReturned", note={"token": task.token})

    return host.write(transaction)


def delegate(host: Host, actor: Actor, task_id: str, to: str) -> Receipt:
    """Give a task to a colleague whose post may do it.

    Raises:
        NotFound: No such task for this person.
        AlreadyDone: It is closed.
        NotAllowed: Another person holds it and the actor is no supervisor.
        InvalidInput: The colleague does not exist or may not do this task.
    """

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, tasks.split_id(task_id)[0])
        task = _live(actor, conn, task_id)
        _require_hold(actor, task)
        if not _may_take(conn, to, task):
            raise InvalidInput(
                f"{to} has no post for this task", {"to": "Choose a colleague of this department"}
            )
        if task.assignee == to:
            return turn.unchanged()
        tasks.assign(conn, task, to, delegated_by=actor.user)
        return turn.append("TaskDelegated", note={"token": task.token, "to": to})

    return host.write(transaction)


def colleagues(host: Host, actor: Actor, task_id: str) -> list[Actor]:
    """Return who else may do a task."""
    with host.database.read() as conn:
        task = visible_task(actor, conn, task_id)
        people = identity.workers(conn, task.department or "")
        return [one for one in people if one.user != actor.user and covers(one, task)]


def _may_take(conn: Connection, user: str, task: TaskRow) -> bool:
    people = identity.workers(conn, task.department or "")
    return any(one.user == user and covers(one, task) for one in people)


def _live(actor: Actor, conn: Connection, task_id: str) -> TaskRow:
    task = visible_task(actor, conn, task_id)
    if not task.is_live:
        raise AlreadyDone("This task is closed")
    return task


def _require_hold(actor: Actor, task: TaskRow) -> None:
    if task.assignee in (None, actor.user) or "supervisor" in actor.roles:
        return
    raise NotAllowed("Another person holds this task")
