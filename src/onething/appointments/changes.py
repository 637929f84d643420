"""Write offices, slots and appointments."""

from collections.abc import Mapping
from datetime import datetime
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from onething.appointments.models import (
    LIVE,
    appointment,
    appointment_change,
    office,
    office_change,
    office_day,
    slot,
)
from onething.appointments.office import Office
from onething.appointments.queries import AppointmentRow, OfficeRow
from onething.errors import Conflict

_LETTERS = {"bookings": "A", "walk_ins": "B"}


def save_office(  # noqa: PLR0913 - the parts of one saving
    conn: Connection,
    one: Office,
    config: Mapping[str, Any],
    *,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Save an office over the version that its page has shown; 0 for a new one.

    Raises:
        Conflict: Somebody else saved it since, or the word is taken.
    """
    values = {
        "version": version + 1,
        "department": one.department,
        "division": one.division,
        "config": dict(config),
        "updated_at": now,
        "updated_by": actor,
    }
    if version == 0:
        kind = _kind(conn)
        new = kind.insert(office).values(office_id=one.office_id, display=1, **values)
        saving: Any = new.on_conflict_do_nothing()
    else:
        mine = (office.c.office_id == one.office_id) & (office.c.version == version)
        saving = update(office).where(mine).values(**values)
    if conn.execute(saving.returning(office.c.version)).first() is None:
        raise Conflict("The office was changed since the page was shown")
    _log_office(conn, one.office_id, version + 1, actor, now, "OfficeSaved", config)


def renew_display(conn: Connection, row: OfficeRow, actor: str, now: datetime) -> None:
    """Give the wall display another key: the address that was known before shows nothing more."""
    mine = office.c.office_id == row.office.office_id
    conn.execute(update(office).where(mine).values(display=office.c.display + 1))
    _log_office(conn, row.office.office_id, row.version, actor, now, "DisplayKeyRenewed", {})


def take_slot(
    conn: Connection, office_id: str, post: str, slot_at: datetime, capacity: int
) -> bool:
    """Take one place of a slot; say whether one was left.

    One statement counts up below the capacity: two bookings at one instant never share a place.
    """
    if capacity < 1:
        return False
    new = _kind(conn).insert(slot)
    new = new.values(office_id=office_id, post=post, slot_at=slot_at, taken=1)
    new = new.on_conflict_do_update(
        index_elements=["office_id", "post", "slot_at"],
        set_={"taken": slot.c.taken + 1},
        where=slot.c.taken < capacity,
    )
    return conn.execute(new.returning(slot.c.taken)).first() is not None


def free_slot(conn: Connection, row: AppointmentRow) -> None:
    """Give the place of a booking back."""
    if row.slot_at is None:
        return
    one = slot.c
    mine = (one.office_id == row.office_id) & (one.post == row.post) & (one.slot_at == row.slot_at)
    conn.execute(update(slot).where(mine, one.taken > 0).values(taken=one.taken - 1))


def lock_day(conn: Connection, office_id: str, day: str) -> None:
    """Let the commands on a day's queue follow one another until this one's commit."""
    new = _kind(conn).insert(office_day)
    new = new.values(office_id=office_id, day=day, changes=1, bookings=0, walk_ins=0)
    new = new.on_conflict_do_update(
        index_elements=["office_id", "day"], set_={"changes": office_day.c.changes + 1}
    )
    conn.execute(new)


def next_ticket(conn: Connection, office_id: str, day: str, *, is_booking: bool) -> str:
    """Give out the next number of a locked day: A001 for bookings, B001 for walk-ins."""
    name = "bookings" if is_booking else "walk_ins"
    column = office_day.c[name]
    mine = (office_day.c.office_id == office_id) & (office_day.c.day == day)
    query = update(office_day).where(mine).values({name: column + 1}).returning(column)
    return f"{_LETTERS[name]}{conn.execute(query).scalar_one():03d}"


def add(conn: Connection, row: AppointmentRow, actor: str, detail: Any = None) -> None:  # noqa: ANN401 - any JSON value
    """Add an appointment.

    Raises:
        IntegrityError: Its holder has a live one of this service.
    """
    conn.execute(insert(appointment).values({name: getattr(row, name) for name in row.__slots__}))
    _log(conn, row.appointment_id, row.updated_at, actor, row.state, detail)


def change(
    conn: Connection,
    row: AppointmentRow,
    *,
    now: datetime,
    actor: str,
    detail: Any = None,  # noqa: ANN401 - any JSON value
    **values: Any,  # noqa: ANN401 - columns
) -> None:
    """Change an appointment that is still in the state in which it was read; log it.

    What ends gives up its claims: its holder may book again.

    Raises:
        Conflict: Somebody else changed its state since.
    """
    state = values.get("state", row.state)
    if state not in LIVE:
        values |= {"user_claim": None, "holder_claim": None}
    one = appointment.c
    mine = (one.appointment_id == row.appointment_id) & (one.state == row.state)
    done = conn.execute(update(appointment).where(mine).values(updated_at=now, **values))
    if done.rowcount != 1:
        raise Conflict("The appointment was changed meanwhile")
    _log(conn, row.appointment_id, now, actor, state, detail)


def drop_personal(conn: Connection, before: str) -> int:
    """Erase the names of appointments whose day lies before a date; return how many."""
    one = appointment.c
    query = update(appointment).where(one.day < before, one.sealed.is_not(None))
    return conn.execute(query.values(sealed=None)).rowcount


def _log(  # noqa: PLR0913 - the columns of a log
    conn: Connection,
    appointment_id: str,
    at: datetime,
    actor: str,
    state: str,
    detail: Any,  # noqa: ANN401 - any JSON value
) -> None:
    values = {"appointment_id": appointment_id, "at": at, "actor": actor, "state": state}
    conn.execute(insert(appointment_change).values(**values, detail=detail))


def _log_office(  # noqa: PLR0913 - the columns of a log
    conn: Connection,
    office_id: str,
    version: int,
    actor: str,
    at: datetime,
    kind: str,
    config: Mapping[str, Any],
) -> None:
    values = {"office_id": office_id, "version": version, "at": at, "actor": actor, "kind": kind}
    conn.execute(insert(office_change).values(**values, config=dict(config)))


def _kind(conn: Connection) -> ModuleType:
    return postgresql if conn.dialect.name == "postgresql" else sqlite
