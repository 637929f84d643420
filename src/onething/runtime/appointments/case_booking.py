"""The appointment that an application or a task's form chooses, in the same transaction.

A form's field is an appointment where its data element names the element of its office
(`office` in `forms/_elements.toml`). Where no configured office has the name that was given,
the field is a plain time: a registry elsewhere books for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from onething import appointments
from onething.appointments import AppointmentRow, Office
from onething.definitions import Definition
from onething.forms import Component, Form
from onething.identity import Actor
from onething.runtime.appointments.booking import Wish, day_of, place
from onething.runtime.host import Host
from onething.runtime.permissions import owns_case, visible_case

_ROWS = "[]"


@dataclass(frozen=True, slots=True)
class SlotField:
    """A form's field that is an appointment, and the field that names its office."""

    path: str
    office_path: str
    is_office_asked: bool
    """Whether the form itself asks for the office; else it is in the case's data."""
    division_path: str | None = None
    """The field that names the office's division, where the form asks for it."""


def slot_field(form: Form, definition: Definition) -> SlotField | None:
    """Return the field of a form that is an appointment, or None."""
    for field in form.fields:
        element = field.element
        if element is None or not element.office or _ROWS in field.path:
            continue
        here = _of_element(form, element.office)
        there = here or _of_element(definition.application, element.office)
        if there is not None:
            division = _of_element(form, "org.division") if here else None
            return SlotField(
                path=field.path,
                office_path=there.path,
                is_office_asked=here is not None,
                division_path=division.path if division else None,
            )
    return None


def office_named(conn: Connection, name: Any, service: str) -> Office | None:  # noqa: ANN401 - any JSON value
    """Return the office of this name that takes bookings of a service, or None."""
    if not isinstance(name, str) or not name.strip():
        return None
    wanted = name.strip()
    for row in appointments.offices(conn):
        names = (row.office.name, row.office.name_en)
        if wanted in names and row.office.post_of(service) is not None:
            return row.office
    return None


def book_answers(  # noqa: PLR0913 - what a booking is made of
    host: Host,
    conn: Connection,
    actor: Actor,
    definition: Definition,
    form: Form,
    data: Mapping[str, Any],
    *,
    instance_id: str,
    case_no: str,
    person: Any,  # noqa: ANN401 - any JSON value
    user: str | None = None,
    window: bool = False,
) -> AppointmentRow | None:
    """Book what the answers of a form choose; None where they choose no office's time.

    Args:
        host: The node.
        conn: The transaction.
        actor: Who answers.
        definition: The case's deployment.
        form: The form.
        data: The answers with what the case knows, as the form's expressions see it.
        instance_id: The case.
        case_no: Its number.
        person: Who applies, as the manifest's `applicant` gives it.
        user: The account that holds the case.
        window: The case is opened at a counter: the account is nobody's own.

    Raises:
        SlotRefused: The time is not free.
        AppointmentHeld: The person has another booking of this service.
    """
    field = slot_field(form, definition)
    if field is None:
        return None
    at = _instant(host, value_at(data, field.path))
    service = definition.service.code
    office = office_named(conn, value_at(data, field.office_path), service)
    if at is None or office is None or (window and _is_here(host, at)):
        return None
    known = person if isinstance(person, Mapping) else {}
    wish = Wish(
        office=office,
        service=service,
        slot_at=at,
        name=str(known.get("name") or ""),
        id_no=str(known.get("idNo") or ""),
        user=user,
        instance_id=instance_id,
        case_no=case_no,
        field=field.path,
    )
    is_own = not window and "applicant" in actor.roles and user is not None
    return place(host, conn, actor, wish, is_account_bound=is_own)


def view_appointment(host: Host, actor: Actor, case_no: str) -> AppointmentRow | None:
    """Return the newest appointment of an own case that was not given up, or None.

    Raises:
        NotFound: There is no such case for this person.
    """
    with host.database.read() as conn:
        case = visible_case(actor, conn, case_no)
        if not owns_case(actor, conn, case):
            return None
        found = appointments.of_case(conn, case.instance_id)
    return next((one for one in found if one.state != "cancelled"), None)


def value_at(data: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value at a dotted path, or None."""
    value: Any = data
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _is_here(host: Host, at: datetime) -> bool:
    """Whether a time at a counter means now: whoever is there needs no booking for today."""
    now = host.clock()
    return at <= now or day_of(host, at) == day_of(host, now)


def _instant(host: Host, value: Any) -> datetime | None:  # noqa: ANN401 - any JSON value
    """Return the instant of a datetime as the form keeps it; a local one is of the legal zone."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if at is None:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=host.zone)


def _of_element(form: Form, element_id: str) -> Component | None:
    found = (one for one in form.fields if one.element and one.element.id == element_id)
    return next((one for one in found if _ROWS not in one.path), None)
