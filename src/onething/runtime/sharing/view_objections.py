"""The objections to a department's data, for the posts that may correct them."""

from collections.abc import Collection

from onething import connectors, sharing
from onething.errors import NotAllowed, NotFound
from onething.identity import Actor
from onething.runtime.cases.view_case import log_access
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS, supervises_all
from onething.runtime.sharing.visible_shared import ObjectionView, opened
from onething.sharing import ObjectionRow

MOST = 200


def shares_data(actor: Actor) -> bool:
    """Whether the own department's data stand in applications, and the post may correct them."""
    return _works(actor) and actor.department in _sharing()


def list_objections(host: Host, actor: Actor, state: str = "open") -> list[ObjectionView]:
    """Return objections, the oldest first: to the own department's data, or all of them.

    Whoever supervises all departments sees that there is one, and not what it says.

    Raises:
        NotAllowed: The person neither works for a department nor supervises.
    """
    sees_all, is_own = supervises_all(actor), _works(actor)
    if not sees_all and not is_own:
        raise NotAllowed("Objections are read by the department whose data they are about")
    department = None if sees_all else actor.department
    with host.database.read() as conn:
        rows = sharing.list_objections(conn, department, state, MOST)
        found = [opened(host, conn, row) if is_own else ObjectionView(row, {}) for row in rows]
    paths = [f"{one.row.case_no} {one.row.path}" for one in found if one.told]
    log_access(host, actor, None, "objections", paths, allowed=True)
    return found


def count_objections(host: Host, actor: Actor) -> int:
    """Return how many objections wait for the own department."""
    if not shares_data(actor) or actor.department is None:
        return 0
    with host.database.read() as conn:
        return sharing.count_open_objections(conn, actor.department)


def require_own(actor: Actor, row: ObjectionRow) -> None:
    """Raise NotFound for an objection that is not to the own department's data."""
    if not shares_data(actor) or row.department != actor.department:
        raise NotFound(f"No objection {row.id}")


def _works(actor: Actor) -> bool:
    return actor.department is not None and any(role in actor.roles for role in WORKERS)


def _sharing() -> Collection[str]:
    return {one.department for one in connectors.operations().values() if not one.changes}
