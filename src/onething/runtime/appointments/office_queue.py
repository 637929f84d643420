"""The queue of a day at an office: who has come, who is called, who is served.

Its order is an assumption (no source names one). A booking whose holder has come is called at
its time. Between the bookings those who wait without one are called, in the order in which they
came; who missed the slot and comes later waits among them. Whoever is early is called early when
nobody else waits. All commands on one day follow one another under its row: two counters never
call the same person.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from onething import appointments
from onething.appointments import AppointmentRow, Office, OfficeRow
from onething.errors import Conflict, InvalidInput, NotFound
from onething.identity import Actor
from onething.runtime.appointments.booking import day_of, name_of, seal_name
from onething.runtime.appointments.offices import display_office, required_office
from onething.runtime.cases.view_case import log_access
from onething.runtime.codes import new_code, typed_code
from onething.runtime.host import Host

LONGEST_COUNTER = 8
_MOST_WALK_INS = 999
_ON_WALL = 6
AT_COUNTER = ("called", "in_service")


@dataclass(frozen=True, slots=True)
class InQueue:
    """One appointment of the day as its office's clerks see it."""

    row: AppointmentRow
    name: str


@dataclass(frozen=True, slots=True)
class DayAtOffice:
    """One day at an office."""

    office: OfficeRow
    day: str
    entries: list[InQueue]
    """By time; walk-ins behind."""
    upcoming: list[str]
    """Ids of those who wait, in the order in which they would be called now."""

    def in_state(self, *states: str) -> list[InQueue]:
        """Return the entries in some states."""
        return [one for one in self.entries if one.row.state in states]


@dataclass(frozen=True, slots=True)
class Called:
    """One number on the wall."""

    ticket: str
    counter: str
    calls: int
    is_awaited: bool
    """Called and not at the counter yet."""


@dataclass(frozen=True, slots=True)
class Board:
    """What the wall display of an office shows."""

    office: Office
    called: tuple[Called, ...]
    """Newest call first."""
    waiting: int


def view_day(
    host: Host, actor: Actor, office_id: str, day: str | None = None, *, is_again: bool = False
) -> DayAtOffice:
    """Return a day at an own office, today by default, and log the reading of its names.

    Args:
        host: The node.
        actor: A clerk or supervisor of the office.
        office_id: The office.
        day: A date, as ISO text.
        is_again: The page that was logged asks for what is new; nothing is logged again.

    Raises:
        NotFound: There is no such office for this person.
    """
    now = host.clock()
    day = day or day_of(host, now)
    with host.database.read() as conn:
        office = required_office(conn, actor, office_id)
        rows = appointments.of_day(conn, office_id, day)
    entries = [InQueue(one, name_of(host, one)) for one in rows]
    if not is_again and any(one.name for one in entries):
        log_access(host, actor, None, "office", ["name"], allowed=True, purpose=office_id)
    return DayAtOffice(office, day, entries, [one.appointment_id for one in ordered(rows, now)])


def view_display(host: Host, office_id: str, key: str) -> Board:
    """Return what an office's wall shows: no name, only numbers.

    Raises:
        NotFound: There is no such office, or the key is not its display's.
    """
    office = display_office(host, office_id, key).office
    with host.database.read() as conn:
        rows = appointments.of_day(conn, office_id, day_of(host, host.clock()))
    called = [one for one in rows if one.called_at is not None and one.counter is not None]
    called.sort(key=lambda one: (one.called_at or one.created_at, one.ticket or ""), reverse=True)
    shown = tuple(
        Called(one.ticket or "", one.counter or "", one.calls, one.state == "called")
        for one in called[:_ON_WALL]
    )
    return Board(office, shown, sum(one.state == "arrived" for one in rows))


def find_in_day(host: Host, actor: Actor, office_id: str, text: str) -> list[InQueue]:
    """Return whom of today a code, a number or a part of a name means.

    Raises:
        NotFound: There is no such office for this person.
    """
    wanted = "".join(text.split())[:64]
    code = typed_code(wanted)
    found = view_day(host, actor, office_id, is_again=True).entries
    exact = [one for one in found if code and code in (one.row.code, one.row.ticket)]
    return exact or [one for one in found if wanted and wanted in "".join(one.name.split())]


def check_in(host: Host, actor: Actor, office_id: str, appointment_id: str) -> AppointmentRow:
    """Note that the holder of a booking has come; it gets its number of the day.

    Who was given up as a no-show is put back: among those without a booking, as of now.

    Raises:
        NotFound: There is no such office or booking for this person.
        Conflict: The booking is of another day, or over.
    """

    def move(conn: Connection, row: AppointmentRow, now: datetime) -> AppointmentRow:
        if row.state in ("arrived", *AT_COUNTER):
            return row
        if row.state not in ("booked", "no_show") or row.day != day_of(host, now):
            raise Conflict("The booking is of another day, or over")
        is_late = row.state == "no_show"
        ticket = row.ticket or appointments.next_ticket(
            conn, row.office_id, row.day, is_booking=True
        )
        return _change(
            conn,
            row,
            actor,
            now,
            state="arrived",
            ticket=ticket,
            is_late=int(is_late),
            order_at=now if is_late or row.slot_at is None else row.slot_at,
        )

    return _on(host, actor, office_id, appointment_id, move)


def undo_check_in(host: Host, actor: Actor, office_id: str, appointment_id: str) -> AppointmentRow:
    """Take back that somebody has come; a walk-in is struck off.

    Raises:
        NotFound: There is no such office or booking for this person.
        Conflict: It was called meanwhile.
    """

    def move(conn: Connection, row: AppointmentRow, now: datetime) -> AppointmentRow:
        if row.state != "arrived":
            raise Conflict("Nobody waits under this number")
        state = "cancelled" if row.is_walk_in else "booked"
        return _change(conn, row, actor, now, state=state, order_at=None, is_late=0)

    return _on(host, actor, office_id, appointment_id, move)


def take_number(  # noqa: PLR0913 - the parts of one number
    host: Host,
    actor: Actor,
    office_id: str,
    service: str,
    name: str = "",
    key: str | None = None,
) -> AppointmentRow:
    """Give somebody who has no booking a number of today.

    Raises:
        NotFound: There is no such office for this person.
        InvalidInput: The office has no counter for the service.
        Conflict: The office gives out no more numbers today.
    """
    now = host.clock()
    appointment_id = (key or secrets.token_hex(12))[:32]

    def transaction(conn: Connection) -> AppointmentRow:
        office = required_office(conn, actor, office_id).office
        earlier = appointments.find(conn, appointment_id)
        if earlier is not None and earlier.office_id == office_id:
            return earlier
        post = office.post_of(service)
        if post is None:
            told = "The office has no counter for this service"
            raise InvalidInput(told, {"service": told})
        day = day_of(host, now)
        appointments.lock_day(conn, office_id, day)
        ticket = appointments.next_ticket(conn, office_id, day, is_booking=False)
        if int(ticket[1:]) > _MOST_WALK_INS:
            raise Conflict("The office gives out no more numbers today")
        row = _walk_in(host, office_id, post.post, service, name, now)
        row = replace(row, appointment_id=appointment_id, ticket=ticket)
        appointments.add(conn, row, actor.user, {"ticket": ticket})
        return row

    return host.write(transaction)


def call_next(
    host: Host, actor: Actor, office_id: str, counter: str, posts: Sequence[str] = ()
) -> AppointmentRow | None:
    """Call whoever is next to a counter; None where nobody waits.

    Args:
        host: The node.
        actor: The clerk at the counter.
        office_id: The office.
        counter: What the wall shows: `3`, `A2`.
        posts: The posts that the counter serves; none means all.

    Raises:
        NotFound: There is no such office for this person.
        InvalidInput: The counter is no word of 1 to 8 characters.
        Conflict: Somebody is still at this counter.
    """
    counter = require_counter(counter)
    now = host.clock()

    def transaction(conn: Connection) -> AppointmentRow | None:
        required_office(conn, actor, office_id)
        day = day_of(host, now)
        appointments.lock_day(conn, office_id, day)
        rows = appointments.of_day(conn, office_id, day)
        if any(one.state in AT_COUNTER and one.counter == counter for one in rows):
            raise Conflict("Somebody is still at this counter")
        mine = [one for one in rows if not posts or one.post in posts]
        following = next(ordered(mine, now), None)
        return following and _change(
            conn,
            following,
            actor,
            now,
            detail={"counter": counter},
            state="called",
            counter=counter,
            calls=following.calls + 1,
            called_at=now,
        )

    return host.write(transaction)


def recall(host: Host, actor: Actor, office_id: str, appointment_id: str) -> AppointmentRow:
    """Call somebody who was called once more."""

    def move(conn: Connection, row: AppointmentRow, now: datetime) -> AppointmentRow:
        _require(row, "called")
        return _change(conn, row, actor, now, state="called", calls=row.calls + 1, called_at=now)

    return _on(host, actor, office_id, appointment_id, move)


def pass_over(host: Host, actor: Actor, office_id: str, appointment_id: str) -> AppointmentRow:
    """Put somebody who was called and does not come behind those who wait now."""

    def move(conn: Connection, row: AppointmentRow, now: datetime) -> AppointmentRow:
        _require(row, "called")
        return _change(
            conn, row, actor, now, state="arrived", is_late=1, order_at=now, counter=None
        )

    return _on(host, actor, office_id, appointment_id, move)


def begin_service(host: Host, actor: Actor, office_id: str, appointment_id: str) -> AppointmentRow:
    """Note that somebody who was called is at the counter."""
    return _simply(host, actor, office_id, appointment_id, "in_service", "called")


def end_service(host: Host, actor: Actor, office_id: str, appointment_id: str) -> AppointmentRow:
    """Note that somebody at the counter is done."""
    return _simply(host, actor, office_id, appointment_id, "done", *AT_COUNTER)


def give_up(host: Host, actor: Actor, office_id: str, appointment_id: str) -> AppointmentRow:
    """Note that somebody who was called did not come; checking in puts them back."""
    return _simply(host, actor, office_id, appointment_id, "no_show", "called")


def ordered(rows: Iterable[AppointmentRow], now: datetime) -> Iterator[AppointmentRow]:
    """Yield those who have come in the order in which they are called."""
    waiting = [one for one in rows if one.state == "arrived"]
    return iter(sorted(waiting, key=lambda one: _turn(one, now)))


def require_counter(counter: str) -> str:
    """Return the word of a counter; raise InvalidInput for none."""
    word = counter.strip()
    if not 0 < len(word) <= LONGEST_COUNTER or not word.isprintable():
        told = f"1 to {LONGEST_COUNTER} characters, as the wall shows it"
        raise InvalidInput("Say at which counter you are", {"counter": told})
    return word


def _turn(row: AppointmentRow, now: datetime) -> tuple[int, datetime, str]:
    order = row.order_at or row.created_at
    if row.is_walk_in or row.is_late:
        return 1, order, row.ticket or ""
    return (0 if order <= now else 2), order, row.ticket or ""


def _require(row: AppointmentRow, *states: str) -> None:
    if row.state not in states:
        raise Conflict("The number is no longer in this state")


def _simply(
    host: Host, actor: Actor, office_id: str, appointment_id: str, to: str, *since: str
) -> AppointmentRow:
    def move(conn: Connection, row: AppointmentRow, now: datetime) -> AppointmentRow:
        if row.state == to:
            return row
        _require(row, *since)
        return _change(conn, row, actor, now, state=to)

    return _on(host, actor, office_id, appointment_id, move)


def _on(
    host: Host,
    actor: Actor,
    office_id: str,
    appointment_id: str,
    move: Callable[[Connection, AppointmentRow, datetime], AppointmentRow],
) -> AppointmentRow:
    """Run one change of an appointment of an own office, alone on its day."""
    now = host.clock()

    def transaction(conn: Connection) -> AppointmentRow:
        required_office(conn, actor, office_id)
        row = appointments.find(conn, appointment_id)
        if row is None or row.office_id != office_id:
            raise NotFound("No such number at this office")
        appointments.lock_day(conn, office_id, row.day)
        fresh = appointments.find(conn, appointment_id)
        return move(conn, fresh or row, now)

    return host.write(transaction)


def _change(
    conn: Connection,
    row: AppointmentRow,
    actor: Actor,
    now: datetime,
    *,
    detail: Any = None,  # noqa: ANN401 - any JSON value
    **values: Any,  # noqa: ANN401 - columns
) -> AppointmentRow:
    appointments.change(conn, row, now=now, actor=actor.user, detail=detail, **values)
    return replace(row, **values, updated_at=now)


def _walk_in(  # noqa: PLR0913 - the parts of one number
    host: Host, office_id: str, post: str, service: str, name: str, now: datetime
) -> AppointmentRow:
    return AppointmentRow(
        appointment_id="",
        code=new_code(),
        office_id=office_id,
        post=post,
        service=service,
        slot_at=None,
        day=day_of(host, now),
        state="arrived",
        ticket=None,
        order_at=now,
        is_late=0,
        counter=None,
        calls=0,
        called_at=None,
        user=None,
        user_claim=None,
        holder_claim=None,
        sealed=seal_name(host, name) if name.strip() else None,
        instance_id=None,
        case_no=None,
        reminded_at=None,
        created_at=now,
        updated_at=now,
    )
