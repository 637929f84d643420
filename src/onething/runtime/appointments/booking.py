"""Appointments: book one, move it, give it up.

A booking takes its place in one statement and holds a claim on its holder and service: neither
a slot nor a person is booked twice, whoever comes at the same instant.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from onething import appointments
from onething.appointments import AppointmentRow, Office, OfficeRow
from onething.errors import AppointmentHeld, Conflict, InvalidInput, NotFound, SlotRefused
from onething.feel.json import canonical
from onething.forms import identity_of
from onething.identity import Actor
from onething.runtime.codes import new_code
from onething.runtime.host import Host
from onething.runtime.permissions import APPLICANTS, require_role
from onething.runtime.turn import require_key

LONGEST_NAME = 50
MOVABLE = ("booked", "no_show")
"""What may be moved to another time: before the holder came, or after it was missed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be booked, and for whom."""

    office: Office
    service: str
    slot_at: datetime
    name: str
    id_no: str = ""
    user: str | None = None
    """The account that may see, move and cancel it; it holds one booking a service."""
    instance_id: str | None = None
    case_no: str | None = None
    field: str = "slot"
    """Path of the form's field that chose the time."""


def book(  # noqa: PLR0913 - the parts of one booking
    host: Host,
    actor: Actor,
    office_id: str,
    service: str,
    slot_at: datetime,
    *,
    name: str = "",
    id_no: str = "",
    key: str | None = None,
) -> AppointmentRow:
    """Book a time at an office, without a case.

    Args:
        host: The node.
        actor: Who books: an applicant for themselves, a helper for somebody.
        office_id: The office.
        service: Code of the service.
        slot_at: The beginning of a slot.
        name: Of whom a helper books for.
        id_no: Identity number of whom a helper books for.
        key: Idempotency key: a repeated request books nothing and is answered again.

    Raises:
        NotAllowed: The actor neither applies nor helps.
        NotFound: There is no such office.
        SlotRefused: The time is not free; `reason` says why.
        AppointmentHeld: This person has a booking of this service.
        InvalidInput: A helper names nobody.
    """
    require_role(actor, *APPLICANTS)
    require_key(key)
    appointment_id = _id_of(actor, key or secrets.token_hex(16))
    is_own = "applicant" in actor.roles
    holder = (actor.name, "") if is_own else _holder(host, name, id_no)

    def transaction(conn: Connection) -> AppointmentRow:
        earlier = appointments.find(conn, appointment_id)
        if earlier is not None:
            return earlier
        office = _office(conn, office_id).office
        wish = Wish(office, service, slot_at, *holder, user=actor.user)
        return place(host, conn, actor, wish, appointment_id, is_account_bound=is_own)

    return host.write(transaction)


def place(  # noqa: PLR0913 - the parts of one booking
    host: Host,
    conn: Connection,
    actor: Actor,
    wish: Wish,
    appointment_id: str | None = None,
    *,
    is_account_bound: bool = True,
) -> AppointmentRow:
    """Book a wish inside the caller's transaction.

    A booking of a case takes the place of one that its holder has without a case, and of the
    case's own earlier one.

    Raises:
        SlotRefused: The time is not free.
        AppointmentHeld: This person has another booking of this service.
    """
    now, office = host.clock(), wish.office
    user_claim = _claim(host, "user", wish.user, wish.service) if is_account_bound else None
    holder_claim = _claim(host, "id", wish.id_no.upper(), wish.service)
    _make_room(host, conn, actor, wish, [one for one in (user_claim, holder_claim) if one])
    post = require_free(host, conn, office, wish.service, wish.slot_at, wish.field)
    row = AppointmentRow(
        appointment_id=appointment_id or secrets.token_hex(12),
        code=new_code(),
        office_id=office.office_id,
        post=post,
        service=wish.service,
        slot_at=wish.slot_at,
        day=day_of(host, wish.slot_at),
        state="booked",
        ticket=None,
        order_at=None,
        is_late=0,
        counter=None,
        calls=0,
        called_at=None,
        user=wish.user,
        user_claim=user_claim,
        holder_claim=holder_claim,
        sealed=seal_name(host, wish.name),
        instance_id=wish.instance_id,
        case_no=wish.case_no,
        reminded_at=None,
        created_at=now,
        updated_at=now,
    )
    appointments.add(conn, row, actor.user, {"slot": wish.slot_at.isoformat()})
    return row


def move_appointment(
    host: Host, actor: Actor, appointment_id: str, office_id: str, slot_at: datetime
) -> AppointmentRow:
    """Move an own booking without a case to another time or office; the old place is free then.

    Raises:
        NotFound: There is no such booking of this person, or no such office.
        Conflict: Its holder has come already, or it belongs to a case.
        SlotRefused: The time is not free; the old place is kept.
    """

    def transaction(conn: Connection) -> AppointmentRow:
        row = own(conn, actor, appointment_id)
        if row.instance_id is not None:
            raise Conflict("The case moves its own appointment")
        return shift(host, conn, actor, row, _office(conn, office_id).office, slot_at)

    return host.write(transaction)


def shift(  # noqa: PLR0913 - the parts of one moving
    host: Host,
    conn: Connection,
    actor: Actor,
    row: AppointmentRow,
    office: Office,
    slot_at: datetime,
) -> AppointmentRow:
    """Move a booking inside the caller's transaction; raises as `move_appointment` does."""
    if row.state not in MOVABLE:
        raise Conflict("The appointment has begun or ended")
    if (row.office_id, row.slot_at, row.state) == (office.office_id, slot_at, "booked"):
        return row
    now = host.clock()
    post = require_free(host, conn, office, row.service, slot_at)
    if row.state == "booked":
        appointments.free_slot(conn, row)
    values: dict[str, Any] = {
        "office_id": office.office_id,
        "post": post,
        "slot_at": slot_at,
        "day": day_of(host, slot_at),
        "state": "booked",
        "ticket": None,
        "order_at": None,
        "is_late": 0,
        "reminded_at": None,
    }
    if row.state == "no_show" and row.user is not None:
        values["user_claim"] = _claim(host, "user", row.user, row.service)
        held = appointments.of_claim(conn, [str(values["user_claim"])])
        if held is not None:
            raise AppointmentHeld(held.appointment_id)
    detail = {"slot": slot_at.isoformat(), "office": office.office_id}
    appointments.change(conn, row, now=now, actor=actor.user, detail=detail, **values)
    return replace(row, **values, updated_at=now)


def cancel_appointment(host: Host, actor: Actor, appointment_id: str) -> AppointmentRow:
    """Give an own booking up; its place is free then. One that is given up stays so.

    Raises:
        NotFound: There is no such booking of this person.
        Conflict: Its holder has come already, or the time is over.
    """

    def transaction(conn: Connection) -> AppointmentRow:
        row = own(conn, actor, appointment_id)
        if row.state == "cancelled":
            return row
        if row.state != "booked":
            raise Conflict("The appointment has begun or ended")
        release(host, conn, actor, row)
        return row

    return host.write(transaction)


def release(
    host: Host, conn: Connection, actor: Actor, row: AppointmentRow, reason: str | None = None
) -> None:
    """Give a booking up inside the caller's transaction."""
    appointments.free_slot(conn, row)
    detail = {"reason": reason} if reason else None
    appointments.change(
        conn, row, now=host.clock(), actor=actor.user, detail=detail, state="cancelled"
    )


def own_appointments(host: Host, actor: Actor) -> list[AppointmentRow]:
    """Return what the actor has booked, newest first."""
    require_role(actor, *APPLICANTS)
    with host.database.read() as conn:
        return appointments.of_user(conn, actor.user)


def own_appointment(host: Host, actor: Actor, appointment_id: str) -> AppointmentRow:
    """Return a booking of the actor; raise NotFound where there is none."""
    with host.database.read() as conn:
        return own(conn, actor, appointment_id)


def own(conn: Connection, actor: Actor, appointment_id: str) -> AppointmentRow:
    """Return a booking of the actor; raise NotFound where there is none."""
    require_role(actor, *APPLICANTS)
    row = appointments.find(conn, appointment_id)
    if row is None or row.user is None or row.user != actor.user:
        raise NotFound(f"No appointment {appointment_id[:40]}")
    return row


def office_names(host: Host) -> Mapping[str, Office]:
    """Return every office by its word."""
    return {one.office_id: one for one in _all_offices(host)}


def require_free(  # noqa: PLR0913 - the parts of one time
    host: Host,
    conn: Connection,
    office: Office,
    service: str,
    slot_at: datetime,
    field: str = "slot",
) -> str:
    """Take a place of a slot and return the post; raise SlotRefused where there is none."""
    host.take_notices(conn)
    reason = why_not(host, office, service, slot_at)
    if reason is not None:
        raise SlotRefused(reason, field)
    post = office.post_of(service)
    if post is None:
        raise SlotRefused("no-post", field)
    if not appointments.take_slot(conn, office.office_id, post.post, slot_at, post.capacity):
        raise SlotRefused("taken", field)
    return post.post


def why_not(host: Host, office: Office, service: str, slot_at: datetime) -> str | None:
    """Say why nothing can be booked at an instant, whatever is taken; None where it can be."""
    now, zone = host.clock(), host.zone
    day = slot_at.astimezone(zone).date()
    if office.post_of(service) is None:
        return "no-post"
    if slot_at <= now:
        return "past"
    if (day - now.astimezone(zone).date()).days > office.horizon_days:
        return "horizon"
    if not office.stretches(day, host.calendar):
        return "closed"
    return None if slot_at in set(office.slots(day, host.calendar, zone)) else "no-slot"


def day_of(host: Host, at: datetime) -> str:
    """Return the date of an instant in the legal zone."""
    return at.astimezone(host.zone).date().isoformat()


def seal_name(host: Host, name: str) -> bytes:
    """Seal the name under which somebody is called."""
    return host.keys.seal(canonical({"name": name.strip()[:LONGEST_NAME]}))


def name_of(host: Host, row: AppointmentRow) -> str:
    """Return the name of an appointment's holder; empty once it is erased."""
    if row.sealed is None:
        return ""
    return str(orjson.loads(host.keys.open(row.sealed)).get("name") or "")


def _make_room(host: Host, conn: Connection, actor: Actor, wish: Wish, claims: list[str]) -> None:
    """Release what a case's booking replaces; raise AppointmentHeld for what stands beside it."""
    if wish.instance_id is not None:
        earlier = appointments.live_of_case(conn, wish.instance_id)
        if earlier is not None and earlier.state != "booked":
            raise Conflict("The appointment has begun")
        if earlier is not None:
            release(host, conn, actor, earlier, "moved")
    for held in _held(conn, claims):
        is_free_standing = held.instance_id is None and held.state == "booked"
        if wish.instance_id is None or not is_free_standing:
            raise AppointmentHeld(held.appointment_id)
        release(host, conn, actor, held, "case")


def _held(conn: Connection, claims: list[str]) -> list[AppointmentRow]:
    found = (appointments.of_claim(conn, [one]) for one in claims)
    return list({one.appointment_id: one for one in found if one is not None}.values())


def _claim(host: Host, kind: str, who: str | None, service: str) -> str | None:
    return host.keys.digest(["appointment", kind, who, service]) if who else None


def _holder(host: Host, name: str, id_no: str) -> tuple[str, str]:
    """Return name and number of whom a helper books for."""
    name, number = name.strip(), "".join(id_no.split()).upper()
    today = host.clock().astimezone(host.zone).date()
    faults = {}
    if not 0 < len(name) <= LONGEST_NAME:
        faults["name"] = f"1 to {LONGEST_NAME} characters"
    if identity_of(number, today) is None:
        faults["idNo"] = "No valid identity number"
    if faults:
        raise InvalidInput("Say for whom you book", faults)
    return name, number


def _office(conn: Connection, office_id: str) -> OfficeRow:
    row = appointments.find_office(conn, office_id)
    if row is None:
        raise NotFound(f"No office {office_id[:40]}")
    return row


def _all_offices(host: Host) -> list[Office]:
    with host.database.read() as conn:
        return [row.office for row in appointments.offices(conn)]


def _id_of(actor: Actor, key: str) -> str:
    return hashlib.sha256(f"appointment\0{actor.user}\0{key}".encode()).hexdigest()[:24]
