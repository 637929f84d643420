"""Permit a department's second notice to supplement, for a reason that stands in the history."""

from sqlalchemy import Connection

from onething.clocks import Why
from onething.errors import NotAllowed
from onething.identity import Actor
from onething.runtime.clocks.clock_moves import require_words
from onething.runtime.host import Host
from onething.runtime.permissions import require_role, visible_case
from onething.runtime.turn import Receipt, Turn, require_key


def permit_notice(  # noqa: PLR0913 - the parts of one permission
    host: Host,
    actor: Actor,
    case_no: str,
    department: str,
    *,
    reason: str,
    basis: str,
    key: str | None = None,
) -> Receipt:
    """Let a department ask the applicant for a supplement a second time.

    Args:
        host: The node.
        actor: A supervisor of the department; stands as the approver.
        case_no: The case.
        department: Code of the department that may ask again.
        reason: Which new grounds there are, in words that everybody may read.
        basis: The article.
        key: Idempotency key.

    Raises:
        NotAllowed: The actor is no supervisor, or one of another department.
        NotFound: No such case for this person.
        InvalidInput: Reason or article is missing or too long.
        ClockRefused: The department has not asked yet, still waits, or is permitted already.

    Source: 行政许可法 第三十二条第四项; the permission is an assumption.
    """
    require_role(actor, "supervisor")
    if not actor.is_system and actor.department not in (None, department):
        raise NotAllowed(f"A supervisor of {department} permits its second notice")
    require_key(key)
    require_words(reason=reason, basis=basis)
    request = {"case": case_no, "department": department, "reason": reason, "basis": basis}

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, visible_case(actor, conn, case_no).instance_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        register = turn.register()
        clock = register.permit(department, Why(reason, actor.user, basis))
        note = {"clock": clock.clock_id, "department": department}
        return turn.append(
            "NoticePermitted", note=note, key=key, request=request, register=register
        )

    return host.write(transaction)
