"""Withdraw a case, as its diagram allows."""

from sqlalchemy import Connection

from onething import messages
from onething.engine import Correlate
from onething.errors import Conflict
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import require_role, visible_case
from onething.runtime.turn import Receipt, Turn

MESSAGE = "Withdrawn"
"""The message that every service's withdrawal waits for."""


def withdraw(
    host: Host, actor: Actor, case_no: str, reason: str = "", *, key: str | None = None
) -> Receipt:
    """Tell a case that the applicant withdraws it.

    Raises:
        NotFound: No such case for this person.
        Conflict: The case has gone too far to be withdrawn.
    """
    require_role(actor, "applicant", "helper")
    request = {"case": case_no, "reason": reason}

    def transaction(conn: Connection) -> Receipt:
        case = visible_case(actor, conn, case_no)
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

    return host.database.write(transaction)
