"""Who may do what: the questions that every command asks first.

Deny by default: a person sees only what the own post needs, and another department's case
does not exist for them (NotFound, never NotAllowed).
"""

from dataclasses import replace

from sqlalchemy import Connection

from onething import cards, cases, tasks
from onething.cards import CardRow
from onething.cases import CaseRow
from onething.clocks import Clock
from onething.errors import NotAllowed, NotFound
from onething.identity import Actor, StandIn
from onething.tasks import Beside, Filter, TaskRow

WORKERS = ("clerk", "supervisor")
APPLICANTS = ("applicant", "helper")


def require_role(actor: Actor, *roles: str) -> None:
    """Raise NotAllowed unless the actor has one of the roles or is the system itself."""
    if actor.is_system or any(role in actor.roles for role in roles):
        return
    raise NotAllowed(f"This needs the role {' or '.join(roles)}")


def sees_task(actor: Actor, conn: Connection, task: TaskRow) -> bool:
    """Whether a task exists for this person."""
    if actor.is_system:
        return True
    if task.party is not None:
        return owns_case(actor, conn, cases.of_instance(conn, task.instance_id))
    is_worker = any(role in actor.roles for role in WORKERS)
    return is_worker and task.department == actor.department and _reaches(actor, task)


def _reaches(actor: Actor, task: TaskRow) -> bool:
    """Whether a task of the department is the person's: by post, in hand, or of an absent one."""
    return covers(actor, task) or task.assignee == actor.user or bool(stood_in_for(actor, task))


def owns_case(actor: Actor, conn: Connection, case: CaseRow) -> bool:
    """Whether the person applied, filed the case for somebody, agreed to it or is acted for.

    Whoever acted under a mandate that has ended sees nothing of it any more.
    """
    if not any(role in actor.roles for role in APPLICANTS):
        return False
    mine = cases.party_of(conn, case.instance_id, actor.user)
    return case.submitted_by == actor.user if mine is None else mine.ended_at is None


def sees_case(actor: Actor, conn: Connection, case: CaseRow) -> bool:
    """Whether a case exists for this person: own, worked on by the own post, or audited."""
    if actor.is_system or "auditor" in actor.roles or owns_case(actor, conn, case):
        return True
    return bool(tasks.worklist(conn, own_tasks(actor, instance_id=case.instance_id), limit=1))


def own_tasks(actor: Actor, **more: object) -> Filter:
    """Return the filter of the tasks that a clerk's post may see; an applicant's have no post."""
    is_worker = any(role in actor.roles for role in WORKERS)
    states = ("open", "claimed", "completed", "cancelled") if more else tasks.LIVE
    return Filter(
        department=actor.department if is_worker and actor.department else "-",
        region=actor.region,
        posts=(actor.post,) if actor.post and "supervisor" not in actor.roles else None,
        beside=tuple(
            Beside(one.user, one.post or actor.post, one.region) for one in actor.stands_in
        ),
        states=states,
        **more,  # type: ignore[arg-type]
    )


def visible_task(actor: Actor, conn: Connection, task_id: str) -> TaskRow:
    """Return a task that exists for this person; raise NotFound otherwise."""
    task = tasks.get(conn, *tasks.split_id(task_id))
    require_sight(actor, conn, task)
    return task


def require_sight(actor: Actor, conn: Connection, task: TaskRow) -> None:
    """Raise NotFound for a task that does not exist for this person."""
    if not sees_task(actor, conn, task):
        raise NotFound(f"No task {task.id}")


def visible_case(actor: Actor, conn: Connection, case_no: str) -> CaseRow:
    """Return a case that exists for this person; raise NotFound otherwise."""
    case = cases.get(conn, case_no)
    if not sees_case(actor, conn, case):
        raise NotFound(f"No case {case_no}")
    return case


def covers(actor: Actor, task: TaskRow) -> bool:
    """Whether a task of the own department is one of the person's post and region."""
    if actor.post and task.post and actor.post != task.post and "supervisor" not in actor.roles:
        return False
    return _within(actor.region, task.region)


def stood_in_for(actor: Actor, task: TaskRow) -> str | None:
    """Return the absent colleague whose task it is, where the person stands in; else None.

    It is theirs where they hold it, where it was taken over from them, and where it waits for
    their post and not for the person's own.
    """
    if task.department != actor.department:
        return None
    if task.assignee == actor.user:
        return task.held_for
    if task.assignee is not None:
        of = (one.user for one in actor.stands_in if one.user == task.assignee)
    elif covers(actor, task):
        return None
    else:
        of = (one.user for one in actor.stands_in if _waits_for(one, actor, task))
    return next(of, None)


def acting_for(actor: Actor, task: TaskRow) -> Actor:
    """Return the person as history names them: on behalf of an absent colleague, or as they are."""
    absent = stood_in_for(actor, task)
    return actor if absent is None else replace(actor, on_behalf_of=absent)


def _waits_for(one: StandIn, actor: Actor, task: TaskRow) -> bool:
    """Whether a free task waits for an absent colleague; who has every post gives the own one."""
    post = one.post or actor.post
    at_post = not (post and task.post) or post == task.post
    return at_post and _within(one.region, task.region)


def _within(region: str | None, of_task: str | None) -> bool:
    """Whether a task's region lies in a person's; who or what names none is everywhere."""
    return not region or not of_task or of_task.startswith(tasks.region_prefix(region))


def moves_clock(actor: Actor, clock: Clock) -> bool:
    """Whether a person may pause, resume and extend a clock: its department's supervisor."""
    if actor.is_system:
        return True
    is_own = clock.department is None or actor.department in (None, clock.department)
    return "supervisor" in actor.roles and is_own


def require_clock(actor: Actor, clock: Clock) -> None:
    """Raise NotAllowed unless a person may move a clock."""
    if not moves_clock(actor, clock):
        raise NotAllowed(f"A supervisor of {clock.department} moves the clock {clock.clock_id}")


def supervises_all(actor: Actor) -> bool:
    """Whether the cards of every department are this person's: supervision itself, or audit."""
    is_supervision = "supervisor" in actor.roles and actor.department is None
    return actor.is_system or "auditor" in actor.roles or is_supervision


def sees_card(actor: Actor, card: CardRow) -> bool:
    """Whether a card exists for this person: supervised, audited, or on the own post's work.

    For a deputy it is one that was handed up, or that goes to the bureau from the start.
    """
    if supervises_all(actor):
        return True
    if not actor.department or card.department != actor.department:
        return False
    is_own_post = card.post is None or actor.post in (None, card.post)
    is_handed_up = card.escalated_at is not None or card.addressee == cards.BUREAU
    return (
        "supervisor" in actor.roles
        or ("clerk" in actor.roles and is_own_post)
        or ("deputy" in actor.roles and is_handed_up)
    )
