"""An office moves: what waits at a post in a region goes to another post, or another region's.

So does what comes later, until the move is lifted: where the lane of the diagram leads to the
office, the step that opens the task sends it on, and its event says so.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from onething import identity, tasks
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotAllowed, NotFound
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import covers, own_tasks
from onething.runtime.routing import Assignment, redirected
from onething.runtime.tasks.workload import MOST_HANDED, Handed, checked_reason, require_head
from onething.runtime.turn import Receipt, Turn
from onething.tasks import Filter, Redirect, TaskRow

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


def move_office(  # noqa: PLR0913 - what moves, and how
    host: Host,
    actor: Actor,
    office: Office,
    to: Office,
    reason: str,
    *,
    later_too: bool = False,
) -> Handed:
    """Let the tasks of an office lie in the queue of another one, for one reason.

    Each task moves by itself, by an event of its case that bears the reason; who holds one gives
    it back. At most 200 move at once.

    Args:
        host: The node.
        actor: The supervisor of the department.
        office: Where they lie.
        to: Where they shall lie: a post and region that somebody of the department has.
        reason: Why, at most 2,000 characters.
        later_too: Whether tasks that come later go there as well, until that is lifted; else
            they go where the diagram's lane says.

    Raises:
        NotAllowed: The actor is no supervisor of a department, or supervises another region.
        InvalidInput: There is no reason; both are the same; nobody works at the other one, or
            what comes there goes elsewhere.
    """
    require_head(actor)
    reason = checked_reason(reason)
    if office == to:
        raise InvalidInput("Both are the same office", {"to": "Choose another one"})
    if to not in movable_offices(host, actor):
        raise InvalidInput("Nobody works at this office", {"to": "Choose an office with people"})
    if later_too:
        host.write(lambda conn: _redirect(host, conn, actor, office, to, reason))
    with host.database.read() as conn:
        found = tasks.worklist(conn, _filter(actor, office), limit=MOST_HANDED)
    left = tuple(one for one in found if not _moved(host, actor, one, to, reason))
    return Handed(len(found) - len(left), left)


def list_redirects(host: Host, actor: Actor) -> list[Redirect]:
    """Return where later tasks of the own department's offices go, the newest first."""
    require_head(actor)
    with host.database.read() as conn:
        return _own_redirects(conn, actor)


def lift_redirect(host: Host, actor: Actor, number: int) -> None:
    """Let later tasks go where the diagram's lane says again; what was moved stays where it is.

    Raises:
        NotAllowed: The actor is no supervisor of a department, or supervises another region.
        NotFound: The department has no such redirect, or it was lifted.
    """
    require_head(actor)

    def transaction(conn: Connection) -> None:
        found = {one.number: one for one in _own_redirects(conn, actor)}
        if number not in found:
            raise NotFound(f"No redirect {number}")
        _require_place(actor, found[number].region)
        tasks.lift_redirect(conn, found[number], actor.user, host.clock())

    host.write(transaction)


def _redirect(  # noqa: PLR0913 - the parts of one redirect
    host: Host, conn: Connection, actor: Actor, office: Office, to: Office, reason: str
) -> None:
    """Send on what comes later; another redirect of the same office ends."""
    _require_place(actor, office.region)
    department, known = actor.department or "", _own_redirects(conn, actor)
    there = Assignment(department, to.post or office.post, to.region or office.region)
    if redirected(there, known) != there:
        raise InvalidInput("What comes there goes elsewhere", {"to": "Choose another one"})
    now = host.clock()
    for one in known:
        if (one.post, one.region) == (office.post, office.region):
            tasks.lift_redirect(conn, one, actor.user, now)
    from_place, to_place = (office.post, office.region), (to.post, to.region)
    tasks.add_redirect(conn, department, from_place, to_place, reason, actor.user, now)


def _own_redirects(conn: Connection, actor: Actor) -> list[Redirect]:
    holding = tasks.read_redirects(conn).holding
    return [one for one in holding if one.department == actor.department]


def _require_place(actor: Actor, region: str | None) -> None:
    """Raise NotAllowed where a supervisor of a region decides about another one, or about all."""
    if actor.region and not (region or "").startswith(tasks.region_prefix(actor.region)):
        raise NotAllowed("A supervisor of this region decides about it")


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
