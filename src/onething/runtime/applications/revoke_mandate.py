"""Revoke a mandate: the principal takes the case into own hands.

Source: 民法典 art. 173 (2): a mandate ends when the principal revokes it.
"""

from sqlalchemy import Connection

from onething import cases
from onething.cases import AGENT, PRINCIPAL
from onething.errors import InvalidInput, NotAllowed
from onething.identity import Actor
from onething.runtime.cases.withdraw import LONGEST_REASON
from onething.runtime.host import Host
from onething.runtime.permissions import visible_case
from onething.runtime.turn import Receipt, Turn, require_key

REVOKED = "MandateRevoked"
"""Kind of the event."""


def revoke_mandate(
    host: Host, actor: Actor, case_no: str, reason: str = "", *, key: str | None = None
) -> Receipt:
    """Take the case off its agent at once; the case goes on, and is the principal's alone.

    Raises:
        NotFound: No such case for this person.
        NotAllowed: The person is not the principal.
        InvalidInput: The reason is too long.
    """
    require_key(key)
    if len(reason) > LONGEST_REASON:
        told = f"At most {LONGEST_REASON} characters"
        raise InvalidInput("The reason is too long", {"reason": told})
    request = {"case": case_no, "revoke": reason}

    def transaction(conn: Connection) -> Receipt:
        case = visible_case(actor, conn, case_no)
        mine = cases.party_of(conn, case.instance_id, actor.user)
        if mine is None or mine.role != PRINCIPAL:
            raise NotAllowed("Only the principal revokes a mandate")
        turn = Turn.on(host, conn, actor, case.instance_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        agents = [one for one in cases.parties(conn, case.instance_id) if one.role == AGENT]
        if all(one.ended_at is not None for one in agents):
            return turn.unchanged()
        cases.end_agent(conn, case.instance_id, turn.now)
        note = {"agent": [one.user for one in agents]}
        return turn.append(REVOKED, note=note, private={"reason": reason}, key=key, request=request)

    return host.write(transaction)
