"""Read offices, slots and appointments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from onething.appointments.models import (
    LIVE,
    appointment,
    office,
    office_change,
    slot,
)
from onething.appointments.office import Office, read_office
from onething.instances.models import instance


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One office as it is now."""

    office: Office
    version: int
    config: Mapping[str, Any]
    display: int
    """One more with each new key of the wall display."""
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class Saved:
    """One earlier saving of an office."""

    version: int
    at: datetime
    actor: str
    kind: str
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """One booking or one walk-in."""

    appointment_id: str
    code: str
    """Eight signs that its holder shows."""
    office_id: str
    post: str
    service: str
    slot_at: datetime | None
    """None: a walk-in."""
    day: str
    """Date in the legal zone."""
    state: str
    """One of STATES."""
    ticket: str | None
    """Number of the day; None before the holder has come."""
    order_at: datetime | None
    """From when it is its turn."""
    is_late: int
    """1: the slot was missed; it waits as walk-ins do."""
    counter: str | None
    calls: int
    called_at: datetime | None
    user: str | None
    user_claim: str | None = field(repr=False)
    holder_claim: str | None = field(repr=False)
    sealed: bytes | None = field(repr=False)
    instance_id: str | None
    case_no: str | None
    reminded_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def is_live(self) -> bool:
        """Whether it still waits or is served."""
        return self.state in LIVE

    @property
    def is_walk_in(self) -> bool:
        """Whether nobody booked it."""
        return self.slot_at is None


def offices(conn: Connection, department: str | None = None) -> list[OfficeRow]:
    """Return the offices, of one department or of all, by their words."""
    query = select(office).order_by(office.c.office_id)
    if department is not None:
        query = query.where(office.c.department == department)
    return [_office(row) for row in conn.execute(query)]


def find_office(conn: Connection, office_id: str) -> OfficeRow | None:
    """Return an office, or None."""
    row = conn.execute(select(office).where(office.c.office_id == office_id)).first()
    return None if row is None else _office(row)


def saved_versions(conn: Connection, office_id: str, limit: int = 50) -> list[Saved]:
    """Return the savings of an office, newest first."""
    one = office_change.c
    query = select(one.version, one.at, one.actor, one.kind, one.config)
    query = query.where(one.office_id == office_id).order_by(one.number.desc()).limit(limit)
    return [Saved(*row) for row in conn.execute(query)]


def taken(
    conn: Connection, office_id: str, post: str, since: datetime, until: datetime
) -> dict[datetime, int]:
    """Return how many places of a post's slots are taken, by the slot's beginning."""
    one = slot.c
    query = select(one.slot_at, one.taken).where(
        one.office_id == office_id, one.post == post, one.slot_at >= since, one.slot_at < until
    )
    return {row.slot_at: row.taken for row in conn.execute(query)}


def find(conn: Connection, appointment_id: str) -> AppointmentRow | None:
    """Return an appointment, or None."""
    return _first(conn, _rows().where(appointment.c.appointment_id == appointment_id))


def of_code(conn: Connection, code: str) -> AppointmentRow | None:
    """Return the appointment that shows this code, or None."""
    return _first(conn, _rows().where(appointment.c.code == code))


def of_claim(conn: Connection, claims: Sequence[str]) -> AppointmentRow | None:
    """Return a live appointment that holds one of these claims, or None."""
    one = appointment.c
    return _first(conn, _rows().where(one.user_claim.in_(claims) | one.holder_claim.in_(claims)))


def of_day(conn: Connection, office_id: str, day: str) -> list[AppointmentRow]:
    """Return an office's appointments of a day that were not given up, by time."""
    one = appointment.c
    query = _rows().where(one.office_id == office_id, one.day == day, one.state != "cancelled")
    return _all(conn, query.order_by(one.slot_at.is_(None), one.slot_at, one.created_at))


def of_user(conn: Connection, user: str, limit: int = 50) -> list[AppointmentRow]:
    """Return what an account has booked, newest first."""
    one = appointment.c
    query = _rows().where(one.user == user).order_by(one.created_at.desc(), one.appointment_id)
    return _all(conn, query.limit(limit))


def of_case(conn: Connection, instance_id: str) -> list[AppointmentRow]:
    """Return the appointments of a case, newest first."""
    one = appointment.c
    query = _rows().where(one.instance_id == instance_id)
    return _all(conn, query.order_by(one.created_at.desc(), one.appointment_id))


def live_of_case(conn: Connection, instance_id: str) -> AppointmentRow | None:
    """Return the appointment of a case that is to come or goes on, or None."""
    one = appointment.c
    return _first(conn, _rows().where(one.instance_id == instance_id, one.state.in_(LIVE)))


def overdue(conn: Connection, before: datetime, limit: int = 200) -> list[AppointmentRow]:
    """Return bookings whose slot began before an instant and whose holder has not come."""
    one = appointment.c
    query = _rows().where(one.state == "booked", one.slot_at <= before)
    return _all(conn, query.order_by(one.slot_at).limit(limit))


def left_open(conn: Connection, today: str, limit: int = 200) -> list[AppointmentRow]:
    """Return what an earlier day has left waiting, called or at a counter."""
    one = appointment.c
    query = _rows().where(one.state.in_(("arrived", "called", "in_service")), one.day < today)
    return _all(conn, query.limit(limit))


def to_remind(
    conn: Connection, since: datetime, until: datetime, limit: int = 200
) -> list[AppointmentRow]:
    """Return bookings of a stretch of time whose holder was not reminded yet."""
    one = appointment.c
    query = _rows().where(
        one.state == "booked",
        one.slot_at >= since,
        one.slot_at < until,
        one.reminded_at.is_(None),
    )
    return _all(conn, query.order_by(one.slot_at).limit(limit))


def to_free(conn: Connection, limit: int = 200) -> list[AppointmentRow]:
    """Return bookings to come whose case has ended."""
    one = appointment.c
    query = _rows().join_from(appointment, instance, instance.c.instance_id == one.instance_id)
    query = query.where(one.state == "booked", instance.c.ended_at.is_not(None))
    return _all(conn, query.limit(limit))


def _rows() -> Select[Any]:
    return select(*(appointment.c[name] for name in AppointmentRow.__slots__))


def _first(conn: Connection, query: Select[Any]) -> AppointmentRow | None:
    row = conn.execute(query.limit(1)).first()
    return None if row is None else AppointmentRow(*row)


def _all(conn: Connection, query: Select[Any]) -> list[AppointmentRow]:
    return [AppointmentRow(*row) for row in conn.execute(query)]


def _office(row: Any) -> OfficeRow:  # noqa: ANN401 - a row
    return OfficeRow(
        office=read_office(row.config),
        version=row.version,
        config=row.config,
        display=row.display,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
    )
