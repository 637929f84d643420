"""Who has how much, and handing on what a person holds: for the supervisor of a department."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from onething import identity, tasks
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotFound
from onething.identity import Absence, Actor
from onething.runtime.cases.withdraw import LONGEST_REASON
from onething.runtime.host import Host
from onething.runtime.permissions import own_tasks, require_role
from onething.runtime.tasks.hand_back import TakenOver, taken_over
from onething.runtime.tasks.work_on_task import reassign, require_present
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
    absence: Absence | None = None
    """Why nobody works on it today; None for who is here."""
    cover: Actor | None = None
    """Who stands in for an absent person; None for nobody."""
    taken: tuple[TakenOver, ...] = ()
    """What of it was taken over for people who were absent."""

    @property
    def is_uncovered(self) -> bool:
        """Whether the person is away and nobody stands in."""
        return self.absence is not None and self.cover is None


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
    require_head(actor)
    now = host.clock()
    with host.database.read() as conn:
        counted = {
            who: (held, soon, late)
            for who, held, soon, late in tasks.loads(conn, own_tasks(actor), now + SOON, now)
        }
        people = {one.user: one for one in identity.workers(conn, actor.department or "")}
        gone = [one for one in counted if one is not None and one not in people]
        known = {one: identity.find_person(conn, one) for one in gone}
        away = identity.away_on(conn, actor.department or "", host.today)
        taken = taken_over(host, conn, actor.department or "")
    here = [_load(one, counted, away, list(people.values())) for one in people.values()]
    here += [
        Load(user, person.name if person else user, None, *counted[user])
        for user, person in known.items()
    ]
    queue = Load(None, "", None, *counted.get(None, (0, 0, 0)))
    here = [replace(one, taken=tuple(_of(one, taken))) for one in here]
    return [queue, *sorted(here, key=lambda one: (-one.held, one.name))]


def _of(one: Load, taken: Iterable[TakenOver]) -> Iterator[TakenOver]:
    return (some for some in taken if some.holder == one.user)


def _load(
    one: Actor,
    counted: Mapping[str | None, tuple[int, int, int]],
    away: dict[str, Absence],
    people: list[Actor],
) -> Load:
    held, soon, late = counted.get(one.user, (0, 0, 0))
    cover = identity.cover_of(away, people, one.user)
    return Load(one.user, one.name, one.post, held, soon, late, away.get(one.user), cover)


def hand_on(  # noqa: PLR0913 - what is handed on
    host: Host,
    actor: Actor,
    user: str,
    to: str | None,
    reason: str,
    *,
    even_if_absent: bool = False,
) -> Handed:
    """Give everything that a person holds to a colleague, or back to the queue, for one reason.

    Each task changes hands by itself, as an event of its case that bears the reason.

    Args:
        host: The node.
        actor: The supervisor of the department.
        user: Who holds the tasks.
        to: Who shall have them; None: the queue.
        reason: Why, at most 2,000 characters.
        even_if_absent: Whether a colleague who is away gets them all the same.

    Raises:
        NotAllowed: The actor is no supervisor of a department.
        InvalidInput: There is no reason, or it is too long; or both are the same person.
        PersonAbsent: The colleague is away today; it names who stands in.
    """
    require_head(actor)
    reason = checked_reason(reason)
    if to == user:
        raise InvalidInput("Both are the same person", {"to": "Choose a colleague"})
    if to is not None and not even_if_absent:
        _require_present(host, actor, to)
    wanted = replace(own_tasks(actor), assignee=user)
    with host.database.read() as conn:
        held = tasks.worklist(conn, wanted, limit=MOST_HANDED)
    left = tuple(one for one in held if not _handed(host, actor, one, to, reason))
    return Handed(len(held) - len(left), left)


def hand_on_uncovered(host: Host, actor: Actor, to: str | None, reason: str) -> Handed:
    """Give what absent people hold for whom nobody stands in to one colleague, or to the queue.

    Raises:
        NotAllowed: The actor is no supervisor of a department.
        InvalidInput: There is no reason, or it is too long.
        PersonAbsent: The colleague is away too.
    """
    people = [one for one in view_workload(host, actor) if one.is_uncovered and one.held]
    checked_reason(reason)
    if to is not None:
        _require_present(host, actor, to)
    handed = [hand_on(host, actor, str(one.user), to, reason) for one in people]
    left = tuple(task for one in handed for task in one.left)
    return Handed(sum(one.moved for one in handed), left)


def checked_reason(reason: str) -> str:
    """Return a reason without spaces around it; raise InvalidInput for none, or a long one."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        told = f"Say why, in at most {LONGEST_REASON} characters"
        raise InvalidInput("There is no reason", {"reason": told})
    return reason


def _handed(host: Host, actor: Actor, task: TaskRow, to: str | None, reason: str) -> bool:
    try:
        reassign(host, actor, task, to, reason)
    except (AlreadyDone, Conflict, InvalidInput, NotFound):
        return False
    return True


def _require_present(host: Host, actor: Actor, to: str) -> None:
    with host.database.read() as conn:
        require_present(host, conn, actor.department or "", to)


def require_head(actor: Actor) -> None:
    """Raise unless a person supervises a department."""
    require_role(actor, "supervisor")
    if actor.department is None:
        raise NotFound("A supervisor of a department sees who has how much")
