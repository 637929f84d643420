"""Change the appointment of a case: its diagram says what happens when nobody comes.

The timer that waits for the time of the appointment is fired now: the case goes on as it does
when the time has passed without anybody, and asks the applicant to choose again. Until they do,
the time is kept, unless they give it up.
"""

from sqlalchemy import Connection

from onething import appointments, engine
from onething.appointments import AppointmentRow
from onething.engine import FireTimer
from onething.errors import Conflict, NotAllowed
from onething.identity import Actor
from onething.runtime.appointments.booking import release
from onething.runtime.appointments.case_booking import slot_field
from onething.runtime.host import Host
from onething.runtime.permissions import APPLICANTS, owns_case, require_role, visible_case
from onething.runtime.turn import Receipt, Turn, require_key


def change_appointment(
    host: Host, actor: Actor, case_no: str, *, is_given_up: bool = False, key: str | None = None
) -> Receipt:
    """Let an applicant choose the appointment of a case again.

    Args:
        host: The node.
        actor: Who applied, or filed the case for somebody.
        case_no: The case.
        is_given_up: Whether the present time is given up at once; else it is kept until another
            one is chosen.
        key: Idempotency key.

    Raises:
        NotFound: No such case for this person.
        NotAllowed: The person sees the case, but did not apply.
        Conflict: There is no appointment to come, or the case waits for it no more and it is to
            be moved only.
    """
    require_role(actor, *APPLICANTS)
    require_key(key)
    request = {"case": case_no, "appointment": "given up" if is_given_up else "moved"}

    def transaction(conn: Connection) -> Receipt:
        case = visible_case(actor, conn, case_no)
        if not owns_case(actor, conn, case):
            raise NotAllowed("Only who applied may change the appointment")
        turn = Turn.on(host, conn, actor, case.instance_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        row = _to_come(conn, case.instance_id)
        timer = _waiting(turn)
        if timer is None and not is_given_up:
            raise Conflict("The case does not wait for this appointment")
        if is_given_up:
            release(host, conn, actor, row)
        kind = "AppointmentGivenUp" if is_given_up else "AppointmentReopened"
        note = {"appointment": row.appointment_id}
        if timer is None:
            return turn.append(kind, note=note, key=key, request=request)
        return turn.step(kind, FireTimer(timer), key=key, request=request, note=note)[1]

    return host.write(transaction)


def _to_come(conn: Connection, instance_id: str) -> AppointmentRow:
    row = appointments.live_of_case(conn, instance_id)
    if row is None or row.state != "booked":
        raise Conflict("There is no appointment to come")
    return row


def _waiting(turn: Turn) -> str | None:
    """Return the one timer of the case that reads the appointment's time, or None."""
    field = slot_field(turn.definition.application, turn.definition)
    if field is None or not turn.row.is_live:
        return None
    timers = engine.timers_reading(turn.state, field.path.partition(".")[0])
    if len(timers) != 1:
        turn.keep()
        return None
    return timers[0]
