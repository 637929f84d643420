"""Who has how much, and handing on what a person holds: for the supervisor of a department."""

from dataclasses import dataclass, replace
from datetime import timedelta

from onething import identity, tasks
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotFound
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import own_tasks, require_role
from onething.runtime.withdraw import LONGEST_REASON
from onething.runtime.work_on_task import reassign
from onething.tasks import TaskRow

SOON = timedelta(days=1)
MOST_HANDED = 200
"""So many tasks are handed on at once; the rest are still there for the next time."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much lies with one person, or in the queue."""

    user: str | None
    """None: nobody holds it."""
    name: str
    post: str | None
    held: int
    soon: int
    """Due within a day, what is overdue included."""
    late: int


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of the tasks of one person."""

    moved: int
    left: tuple[TaskRow, ...]
    """What the other person may not do, or what moved on meanwhile."""


def view_workload(host: Host, actor: Actor) -> list[Load]:
    """Return what lies in the queue, then everybody of the own department, busiest first.

    Who has left the department and still holds something is among them.

    Raises:
        NotAllowed: The actor is no supervisor of a department.
    """
    _require_head(actor)
    now = host.clock()
    with host.database.read() as conn:
        counted = {
            who: counts for who, *counts in tasks.loads(conn, own_tasks(actor), now + SOON, now)
        }
        people = {one.user: one for one in identity.workers(conn, actor.department or "")}
        gone = [one for one in counted if one is not None and one not in people]
        known = {one: identity.find_person(conn, one) for one in gone}
    here = [
        Load(one.user, one.name, one.post, *counted.get(one.user, (0, 0, 0)))
        for one in people.values()
    ]
    here += [
        Load(user, person.name if person else user, None, *counted[user])
        for user, person in known.items()
    ]
    queue = Load(None, "", None, *counted.get(None, (0, 0, 0)))
    return [queue, *sorted(here, key=lambda one: (-one.held, one.name))]


def hand_on(host: Host, actor: Actor, user: str, to: str | None, reason: str) -> Handed:
    """Give everything that a person holds to a colleague, or back to the queue, for one reason.

    Each task changes hands by itself, as an event of its case that bears the reason.

    Args:
        host: The node.
        actor: The supervisor of the department.
        user: Who holds the tasks.
        to: Who shall have them; None: the queue.
        reason: Why, at most 2,000 characters.

    Raises:
        NotAllowed: The actor is no supervisor of a department.
        InvalidInput: There is no reason, or it is too long; or both are the same person.
    """
    _require_head(actor)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        told = f"Say why, in at most {LONGEST_REASON} characters"
        raise InvalidInput("There is no reason", {"reason": told})
    if to == user:
        raise InvalidInput("Both are the same person", {"to": "Choose a colleague"})
    wanted = replace(own_tasks(actor), assignee=user)
    with host.database.read() as conn:
        held = tasks.worklist(conn, wanted, limit=MOST_HANDED)
    left = tuple(one for one in held if not _handed(host, actor, one, to, reason))
    return Handed(len(held) - len(left), left)


def _handed(host: Host, actor: Actor, task: TaskRow, to: str | None, reason: str) -> bool:
    try:
        reassign(host, actor, task, to, reason)
    except (AlreadyDone, Conflict, InvalidInput, NotFound):
        return False
    return True


def _require_head(actor: Actor) -> None:
    require_role(actor, "supervisor")
    if actor.department is None:
        raise NotFound("A supervisor of a department sees who has how much")
