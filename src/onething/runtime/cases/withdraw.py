"""Withdraw a case, as its diagram allows."""

from sqlalchemy import Connection

from onething import messages
from onething.engine import Correlate
from onething.errors import Conflict, InvalidInput, NotAllowed
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import APPLICANTS, owns_case, require_role, visible_case
from onething.runtime.turn import Receipt, Turn, require_key

MESSAGE = "Withdrawn"
"""The message that every service's withdrawal waits for."""

LONGEST_REASON = 2_000


def withdraw(
    host: Host, actor: Actor, case_no: str, reason: str = "", *, key: str | None = None
) -> Receipt:
    """Tell a case that the applicant withdraws it.

    Raises:
        NotFound: No such case for this person.
        NotAllowed: The person sees the case, but did not apply.
        InvalidInput: The reason is longer than 2,000 characters.
        Conflict: The case has gone too far to be withdrawn.
    """
    require_role(actor, *APPLICANTS)
    require_key(key)
    if len(reason) > LONGEST_REASON:
        told = f"At most {LONGEST_REASON} characters"
        raise InvalidInput("The reason is too long", {"reason": told})
    request = {"case": case_no, "reason": reason}

    def transaction(conn: Connection) -> Receipt:
        case = visible_case(actor, conn, case_no)
        if not actor.is_system and not owns_case(actor, conn, case):
            raise NotAllowed("Only who applied may withdraw")
        turn = Turn.on(host, conn, actor, case.instance_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        waiting = messages.waiting(
            conn, "message", MESSAGE, case.case_no, instance_id=case.instance_id
        )
        if not waiting:
            raise Conflict(f"The case {case_no} can no longer be withdrawn")
        command = Correlate(waiting[0].subscription, {"withdrawal": {"reason": reason}})
        return turn.step("CaseWithdrawn", command, key=key, request=request)[1]

    return host.write(transaction)
