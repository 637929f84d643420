"""Modify a case: an operator moves a token against the flows of the diagram."""

from sqlalchemy import Connection

from onething import cases, history
from onething.cases import CaseRow
from onething.definitions import Definition
from onething.engine import Move
from onething.errors import InvalidInput
from onething.identity import Actor
from onething.runtime.cases.view_case import Place, standing
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.turn import Receipt, Turn, require_key

LONGEST_REASON = 2_000


def modify(  # noqa: PLR0913 - the parts of one modification
    host: Host,
    actor: Actor,
    case_no: str,
    *,
    cancel: str | None = None,
    start: str | None = None,
    reason: str,
    key: str | None = None,
) -> Receipt:
    """Take a token of a case off one activity, put one at another, or both.

    Args:
        host: The node.
        actor: An operator.
        case_no: The case.
        cancel: Id of the element whose token ends; `element#token` names one of several.
        start: Id of the element where a token begins, in the same process or sub-process.
        reason: Why, for history.
        key: Idempotency key.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such case, no such element, or no token at it.
        InvalidInput: No element or no reason is given, or the reason is too long.
        Conflict: The token cannot move like this, or the case has ended.
    """
    require_role(actor, "operator")
    require_key(key)
    _require_reason(reason)
    request = {"case": case_no, "cancel": cancel, "start": start, "reason": reason}

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, cases.get(conn, case_no).instance_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        command, note = Move(cancel, start), {"reason": reason}
        return turn.step("Modified", command, key=key, request=request, note=note)[1]

    return host.write(transaction)


def view_places(host: Host, actor: Actor, case_no: str) -> tuple[CaseRow, Definition, list[Place]]:
    """Return a case with its deployment and the nodes where it stands; no personal value.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such case.
    """
    require_role(actor, "operator")
    with host.database.read() as conn:
        case = cases.get(conn, case_no)
        definition = host.definitions.get(conn, case.service, case.number)
        places, _done = standing(history.read(conn, None, case.instance_id))
    return case, definition, places


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Say why", {"reason": "A modification needs a reason"})
    if len(reason) > LONGEST_REASON:
        told = f"At most {LONGEST_REASON} characters"
        raise InvalidInput("The reason is too long", {"reason": told})
