"""Lists of cases, tasks and events, cut to what the person may see."""

from dataclasses import replace
from itertools import islice

from onething import cases, history, tasks
from onething.cases import CaseRow
from onething.errors import NotAllowed, NotFound
from onething.history import Event
from onething.identity import Actor
from onething.runtime.cases.view_case import log_access
from onething.runtime.host import Host
from onething.runtime.permissions import APPLICANTS, WORKERS, own_tasks, sees_case
from onething.tasks import Filter, TaskRow


def list_cases(  # noqa: PLR0913 - one argument a filter of the list
    host: Host,
    actor: Actor,
    *,
    service: str | None = None,
    state: str | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
    own_only: bool = False,
) -> list[CaseRow]:
    """Return the cases this person may see, newest first.

    Applicants see what they filed or agreed to, clerks what their post works or has worked on,
    auditors all; with `own_only` everybody sees the cases of an applicant alone.

    Raises:
        NotAllowed: The person's roles see no case at all.
    """
    with host.database.read() as conn:
        sees_all = not own_only and (actor.is_system or "auditor" in actor.roles)
        works = actor.roles & set(WORKERS) if not own_only else frozenset()
        applies = actor.roles & set(APPLICANTS)
        if not (sees_all or works or applies):
            raise NotAllowed("Your roles see no cases")
        own = tasks.instance_ids(own_tasks(actor, text=None)) if works else None
        return cases.listing(
            conn,
            service=service,
            state=state,
            more_ids=cases.instances_of(actor.user) if applies and not sees_all else None,
            instance_ids=None if sees_all else own,
            text=text,
            after=after,
            limit=limit,
        )


def list_tasks(
    host: Host,
    actor: Actor,
    wanted: Filter,
    *,
    after: str | None = None,
    limit: int = 50,
) -> list[TaskRow]:
    """Return the tasks this person may see, next due first, beginning after a task's id.

    Clerks see those of their post, applicants those that their cases ask of a party,
    the system all. `wanted` narrows them; whom a task lies with is decided here alone.

    Raises:
        NotFound: `after` names no task.
    """
    if not actor.is_system:
        post = own_tasks(actor)
        filed = cases.instances_of(actor.user) if actor.roles & set(APPLICANTS) else None
        wanted = replace(
            wanted,
            department=post.department,
            region=post.region,
            posts=post.posts,
            own_instances=filed,
        )
    with host.database.read() as conn:
        return tasks.worklist(conn, wanted, after=after, limit=limit)


def view_history(
    host: Host, actor: Actor, case_no: str, *, after: int = 0, limit: int = 50
) -> list[Event]:
    """Return events of a case without their personal values, oldest first, and log the reading.

    Raises:
        NotFound: There is none, or it is not this person's to see; the attempt is logged.
    """
    with host.database.read() as conn:
        case = cases.get(conn, case_no)
        allowed = sees_case(actor, conn, case)
        found = history.read(conn, None, case.instance_id, after=after) if allowed else iter(())
        events = list(islice(found, limit))
    log_access(host, actor, case_no, "history", (), allowed=allowed)
    if not allowed:
        raise NotFound(f"No case {case_no}")
    return events
