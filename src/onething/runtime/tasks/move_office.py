"""An office moves: what waits at a post in a region goes to another post, or another region's."""

from dataclasses import dataclass

from sqlalchemy import Connection

from onething import identity, tasks
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotFound
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import covers, own_tasks
from onething.runtime.tasks.workload import MOST_HANDED, Handed, checked_reason, require_head
from onething.runtime.turn import Receipt, Turn
from onething.tasks import Filter, TaskRow

MOVED = "TaskMoved"


@dataclass(frozen=True, slots=True)
class Office:
    """A post of the department in a region."""

    post: str | None
    """None: whatever post; of a target: the task's own one stays."""
    region: str | None
    """A division with its sub-divisions; None: every one; of a target: the task's own one stays."""


def movable_offices(host: Host, actor: Actor) -> list[Office]:
    """Return the posts and regions that the department's people have, and every one alone.

    Raises:
        NotAllowed: The actor is no supervisor of a department.
    """
    require_head(actor)
    with host.database.read() as conn:
        people = identity.workers(conn, actor.department or "")
    found = {Office(one.post, one.region) for one in people if "clerk" in one.roles}
    return sorted(found, key=lambda one: (one.post or "", one.region or ""))


def count_office(host: Host, actor: Actor, office: Office) -> int:
    """Return how many live tasks lie with an office of the own department."""
    require_head(actor)
    with host.database.read() as conn:
        return tasks.count(conn, _filter(actor, office))


def move_office(host: Host, actor: Actor, office: Office, to: Office, reason: str) -> Handed:
    """Let the tasks of an office lie in the queue of another one, for one reason.

    Each task moves by itself, by an event of its case that bears the reason; who holds one gives
    it back. At most 200 move at once. Tasks that come later go where the diagram's lane says.

    Args:
        host: The node.
        actor: The supervisor of the department.
        office: Where they lie.
        to: Where they shall lie: a post and region that somebody of the department has.
        reason: Why, at most 2,000 characters.

    Raises:
        NotAllowed: The actor is no supervisor of a department.
        InvalidInput: There is no reason; both are the same; nobody works at the other one.
    """
    require_head(actor)
    reason = checked_reason(reason)
    if office == to:
        raise InvalidInput("Both are the same office", {"to": "Choose another one"})
    if to not in movable_offices(host, actor):
        raise InvalidInput("Nobody works at this office", {"to": "Choose an office with people"})
    with host.database.read() as conn:
        found = tasks.worklist(conn, _filter(actor, office), limit=MOST_HANDED)
    left = tuple(one for one in found if not _moved(host, actor, one, to, reason))
    return Handed(len(found) - len(left), left)


def _filter(actor: Actor, office: Office) -> Filter:
    own = own_tasks(actor)
    posts = (office.post,) if office.post else None
    return Filter(department=own.department, region=office.region, posts=posts, exact=True)


def _moved(host: Host, actor: Actor, task: TaskRow, to: Office, reason: str) -> bool:
    try:
        host.write(lambda conn: _move(host, conn, actor, task, to, reason))
    except (AlreadyDone, Conflict, NotFound):
        return False
    return True


def _move(  # noqa: PLR0913 - the parts of one move
    host: Host, conn: Connection, actor: Actor, seen: TaskRow, to: Office, reason: str
) -> Receipt:
    turn, task = Turn.on_task(host, conn, actor, seen.id)
    if not task.is_live:
        raise AlreadyDone("This task is closed")
    if tasks.is_held(conn, task.id):
        raise Conflict("This task is being completed")
    if (task.post, task.region) != (seen.post, seen.region) or not covers(actor, task):
        raise Conflict("This task lies elsewhere by now")
    post, region = to.post or task.post, to.region or task.region
    tasks.move_office(conn, task, post, region)
    note = {"token": task.token, "to": {"post": post, "region": region}}
    return turn.append(MOVED, note=note, private={"reason": reason})
