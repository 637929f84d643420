"""Claim, return and delegate a task: who holds it."""

from sqlalchemy import Connection

from onething import identity, tasks
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotAllowed
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import visible_task
from onething.runtime.turn import Receipt, Turn
from onething.tasks import TaskRow


def claim(host: Host, actor: Actor, task_id: str) -> Receipt:
    """Take a task from the queue.

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
        tasks.assign(conn, task, actor.user)
        return turn.append("TaskClaimed", note={"token": task.token})

    return host.database.write(transaction)


def return_task(host: Host, actor: Actor, task_id: str) -> Receipt:
    """Put a claimed task back into the queue.

    Raises:
        NotFound: No such task for this person.
        AlreadyDone: It is closed.
        NotAllowed: Another person holds it and the actor is no supervisor.
    """

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, tasks.split_id(task_id)[0])
        task = _live(actor, conn, task_id)
        _require_hold(actor, task)
        tasks.assign(conn, task, None)
        return turn.append("TaskReturned", note={"token": task.token})

    return host.database.write(transaction)


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
        tasks.assign(conn, task, to, delegated_by=actor.user)
        return turn.append("TaskDelegated", note={"token": task.token, "to": to})

    return host.database.write(transaction)


def colleagues(host: Host, actor: Actor, task_id: str) -> list[Actor]:
    """Return who else may do a task."""
    with host.database.read() as conn:
        task = visible_task(actor, conn, task_id)
        people = identity.workers(conn, task.department or "")
        return [one for one in people if one.user != actor.user and _fits(one, task)]


def _may_take(conn: Connection, user: str, task: TaskRow) -> bool:
    people = identity.workers(conn, task.department or "")
    return any(one.user == user and _fits(one, task) for one in people)


def _fits(person: Actor, task: TaskRow) -> bool:
    is_post = task.post is None or person.post in (None, task.post)
    prefix = tasks.region_prefix(person.region or "")
    return is_post and (task.region or "").startswith(prefix)


def _live(actor: Actor, conn: Connection, task_id: str) -> TaskRow:
    task = visible_task(actor, conn, task_id)
    if not task.is_live:
        raise AlreadyDone("This task is closed")
    return task


def _require_hold(actor: Actor, task: TaskRow) -> None:
    if task.assignee in (None, actor.user) or "supervisor" in actor.roles:
        return
    raise NotAllowed("Another person holds this task")
