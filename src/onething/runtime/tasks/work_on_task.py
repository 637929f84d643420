"""Claim, return and delegate a task: who holds it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from onething import drafts, identity, tasks
from onething.drafts import subject_of
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotAllowed, PersonAbsent
from onething.identity import Actor
from onething.runtime.applications.drafting import hand_on_draft
from onething.runtime.host import Host
from onething.runtime.messages.tell_workers import tell_of_hands
from onething.runtime.permissions import (
    acting_for,
    covers,
    require_role,
    stood_in_for,
    visible_task,
)
from onething.runtime.turn import Receipt, Turn, require_key
from onething.tasks import TaskRow


def claim(host: Host, actor: Actor, task_id: str, *, key: str | None = None) -> Receipt:
    """Take a task from the queue; whoever holds it already goes on holding it.

    Who stands in for an absent colleague may take what that one holds: it is held for them then.

    A request repeated under its idempotency key is answered with the first one's answer.

    Raises:
        NotFound: No such task for this person.
        AlreadyDone: It is closed.
        Conflict: Somebody else holds it.
        KeyReused: The key was used with another request.
    """

    def check(_conn: Connection, task: TaskRow) -> None:
        require_hold(actor, task)

    return hand_over(host, actor, task_id, "TaskClaimed", actor.user, check, key)


def return_task(host: Host, actor: Actor, task_id: str, *, key: str | None = None) -> Receipt:
    """Put a claimed task back into the queue; one that lies there stays.

    A request repeated under its idempotency key is answered with the first one's answer.

    Raises:
        NotFound: No such task for this person.
        AlreadyDone: It is closed.
        NotAllowed: Another person holds it and the actor is no supervisor.
        KeyReused: The key was used with another request.
    """

    def check(_conn: Connection, task: TaskRow) -> None:
        _require_hold(actor, task)

    return hand_over(host, actor, task_id, "TaskReturned", None, check, key)


def delegate(  # noqa: PLR0913 - the parts of one change of hands
    host: Host,
    actor: Actor,
    task_id: str,
    to: str,
    *,
    even_if_absent: bool = False,
    key: str | None = None,
) -> Receipt:
    """Give a task to a colleague whose post may do it.

    Who is absent gets it only where that was said; else the error names who stands in.

    A request repeated under its idempotency key is answered with the first one's answer.

    Raises:
        NotFound: No such task for this person.
        AlreadyDone: It is closed.
        NotAllowed: Another person holds it and the actor is no supervisor.
        InvalidInput: The colleague does not exist or may not do this task.
        PersonAbsent: The colleague is absent today.
        KeyReused: The key was used with another request.
    """

    def check(conn: Connection, task: TaskRow) -> None:
        _require_hold(actor, task)
        if not may_take(conn, to, task):
            raise InvalidInput(
                f"{to} has no post for this task", {"to": "Choose a colleague of this department"}
            )
        if not even_if_absent and to != actor.user:
            require_present(host, conn, task.department or "", to)

    return hand_over(host, actor, task_id, "TaskDelegated", to, check, key)


def reassign(host: Host, actor: Actor, held: TaskRow, to: str | None, reason: str) -> Receipt:
    """Give a task that somebody holds to a colleague, or back to the queue; keep the reason.

    Args:
        host: The node.
        actor: A supervisor of the department.
        held: The task as it was seen: who holds it now must be the same.
        to: Who shall have it; None: the queue.
        reason: Why; it stands in the history under the case's key.

    Raises:
        NotFound: No such task for this person.
        NotAllowed: The actor is no supervisor.
        AlreadyDone: It is closed.
        Conflict: Somebody else holds it by now.
        InvalidInput: The colleague does not exist or may not do this task.
    """
    require_role(actor, "supervisor")

    def check(conn: Connection, task: TaskRow) -> None:
        if task.assignee != held.assignee:
            raise Conflict("This task is in other hands by now")
        if to is not None and not may_take(conn, to, task):
            raise InvalidInput(f"{to} has no post for this task")

    kind = "TaskReturned" if to is None else "TaskDelegated"
    return hand_over(host, actor, held.id, kind, to, check, None, {"reason": reason})


def take_back(host: Host, actor: Actor, task_id: str) -> Receipt:
    """Take back a task that the actor has just delegated.

    Raises:
        NotFound: No such task for this person.
        AlreadyDone: It is closed.
        Conflict: Somebody else has delegated it, or it is being completed.
    """

    def check(_conn: Connection, task: TaskRow) -> None:
        if task.delegated_by != actor.user:
            raise Conflict("This task is in other hands by now")

    return hand_over(host, actor, task_id, "TaskClaimed", actor.user, check, None)


def hand_over(  # noqa: PLR0913 - the parts of one change of hands
    host: Host,
    actor: Actor,
    task_id: str,
    kind: str,
    to: str | None,
    check: Callable[[Connection, TaskRow], None],
    key: str | None,
    private: dict[str, Any] | None = None,
) -> Receipt:
    """Give a live task to a person, or back to the queue (None), once the check lets it pass.

    A keyed request leaves an event even where the task stays in the same hands: its repetition
    must find the answer later, when the hands may be others.
    """
    require_key(key)
    request = {"task": task_id, "kind": kind, "to": to}

    def transaction(conn: Connection) -> Receipt:
        turn, task = Turn.on_task(host, conn, actor, task_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        if not task.is_live:
            raise AlreadyDone("This task is closed")
        # What is being completed has a holder.
        if task.assignee is not None and tasks.is_held(conn, task.id):
            raise Conflict("This task is being completed")
        check(conn, task)
        turn.actor = acting_for(actor, task)
        if task.assignee != to:
            giver = actor.user if kind == "TaskDelegated" else None
            absent = turn.actor.on_behalf_of if kind == "TaskClaimed" else None
            typed = drafts.count_of(subject_of(task.id))
            drafted = tasks.assign(
                conn, task, to, delegated_by=giver, held_for=absent, beside=typed
            )
            if to is not None and drafted:
                hand_on_draft(host, conn, task, to)
            tell_of_hands(turn, task, to)
        elif key is None:
            return turn.unchanged()
        note = {"token": task.token} | ({"to": to} if kind == "TaskDelegated" else {})
        return turn.append(kind, note=note, private=private, key=key, request=request)

    return host.write(transaction)


def colleagues(host: Host, actor: Actor, task_id: str) -> list[Actor]:
    """Return who else may do a task."""
    with host.database.read() as conn:
        task = visible_task(actor, conn, task_id)
        people = identity.workers(conn, task.department or "")
        return [one for one in people if one.user != actor.user and covers(one, task)]


def may_take(conn: Connection, user: str, task: TaskRow) -> bool:
    """Whether somebody has a post for a task."""
    people = identity.workers(conn, task.department or "")
    return any(one.user == user and covers(one, task) for one in people)


def require_present(host: Host, conn: Connection, department: str, user: str) -> None:
    """Raise PersonAbsent for who is away from a department today, with who stands in."""
    away = identity.away_on(conn, department, host.today)
    if user in away:
        cover = identity.cover_of(away, identity.workers(conn, department), user)
        raise PersonAbsent(user, away[user].last_on, cover.user if cover else None)


def require_hold(actor: Actor, task: TaskRow) -> None:
    """Raise Conflict where somebody else holds a task for whom the person does not stand in."""
    if task.assignee in (None, actor.user) or stood_in_for(actor, task) is not None:
        return
    raise Conflict(f"{task.assignee} holds this task")


def _require_hold(actor: Actor, task: TaskRow) -> None:
    if "supervisor" in actor.roles or stood_in_for(actor, task) is not None:
        return
    if task.assignee not in (None, actor.user):
        raise NotAllowed("Another person holds this task")
