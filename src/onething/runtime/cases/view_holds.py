"""Read holds: what rests, why, and for whom the particulars are."""

from dataclasses import replace

from sqlalchemy import Connection

from onething import cases, instances
from onething.cases import Hold
from onething.errors import NotAllowed
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import supervises_all


def view_holds(host: Host, actor: Actor, case_no: str) -> list[Hold]:
    """Return the holds of a case that the person sees anyway, oldest first.

    Whoever is neither of the department that put one there nor supervision itself learns that
    and since when it holds: its kind, papers and outcome are blank.
    """
    with host.database.read() as conn:
        found = cases.holds_of(conn, cases.get(conn, case_no).instance_id)
    return [one if _knows(actor, one) else _bare(one) for one in found]


def list_holds(
    host: Host,
    actor: Actor,
    *,
    is_open: bool | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> list[Hold]:
    """Return the holds that a supervisor answers for, or all of them, newest first.

    Raises:
        NotAllowed: The person is neither supervisor nor auditor.
    """
    if not actor.roles & {"supervisor", "auditor"}:
        raise NotAllowed("Holds are listed for supervisors and auditors")
    department = None if supervises_all(actor) else actor.department
    with host.database.read() as conn:
        return cases.list_holds(conn, department, is_open=is_open, after=after, limit=limit)


def is_live(conn: Connection, instance_id: str) -> bool:
    """Whether something may still go on in a case: it runs, or rests for a while."""
    return instances.get(conn, instance_id).is_live


def may_hold(actor: Actor) -> bool:
    """Whether a person puts cases on hold: a supervisor of a department."""
    return "supervisor" in actor.roles and actor.department is not None


def _knows(actor: Actor, hold: Hold) -> bool:
    of_department = actor.department == hold.department and actor.roles & {"clerk", "supervisor"}
    return supervises_all(actor) or bool(of_department)


def _bare(hold: Hold) -> Hold:
    return replace(
        hold,
        kind="",
        document="",
        basis="",
        put_by="",
        outcome=None,
        outcome_document=None,
        outcome_on=None,
        lifted_by=None,
    )
