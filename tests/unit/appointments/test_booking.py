"""Booking: a place is taken once, a person has one, and what is refused is told in words."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from onething import appointments, runtime
from onething.errors import AppointmentHeld, Conflict, InvalidInput, NotFound, SlotRefused
from onething.identity import Actor
from onething.notices import NewsFilter
from onething.testing import databases
from unit.appointments.conftest import CITIZEN, CLERK, HEAD, HELPER, OFFICE, OTHER, at

ID_NO = "37050219680412991X"


def book(host, actor=CITIZEN, when="24 10:00", **more):
    return runtime.book(host, actor, "east", "meeting", at(when), **more)


def left(host, when):
    office = runtime.own_office(host, CLERK, "east").office
    instant = at(when)
    day = instant.astimezone(host.zone).date()
    return runtime.free_places(host, office, "meeting", [day])[day][instant]


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("23 08:30", "past"),
        ("23 09:00", "past"),
        ("26 10:00", "closed"),
        ("29 10:00", "closed"),
        ("24 10:10", "no-slot"),
        ("24 12:00", "no-slot"),
    ],
)
def test_a_time_that_cannot_be_booked_is_refused_in_words(host, when, reason):
    with pytest.raises(SlotRefused) as refused:
        book(host, when=when)

    assert refused.value.reason == reason
    assert refused.value.fields["slot"]


def test_nothing_is_booked_beyond_the_horizon(host, clock):
    assert book(host, when="30 09:00").state == "booked"
    runtime.save_office(host, HEAD, {**OFFICE, "horizon_days": 6}, 1)

    with pytest.raises(SlotRefused) as refused:
        book(host, OTHER, when="30 09:00")

    assert refused.value.reason == "horizon"


def test_a_service_without_a_counter_is_refused(host):
    with pytest.raises(SlotRefused) as refused:
        runtime.book(host, CITIZEN, "east", "other", at("24 10:00"))

    assert refused.value.reason == "no-post"


def test_a_booking_takes_a_place_and_giving_it_up_frees_it(host):
    row = book(host)
    assert left(host, "24 10:00") == 1

    runtime.cancel_appointment(host, CITIZEN, row.appointment_id)

    assert left(host, "24 10:00") == 2
    assert book(host).state == "booked"


def test_the_same_request_books_once(host):
    first = book(host, key="k")

    assert book(host, key="k").appointment_id == first.appointment_id
    assert left(host, "24 10:00") == 1


def test_one_person_has_one_booking_of_a_service(host):
    row = book(host)

    with pytest.raises(AppointmentHeld) as refused:
        book(host, when="25 10:00")

    assert refused.value.appointment_id == row.appointment_id
    assert left(host, "25 10:00") == 2


def test_a_helper_books_for_many_but_once_for_each(host):
    book(host, HELPER, name="陈", id_no=ID_NO)
    book(host, HELPER, when="25 10:00", name="钱", id_no="370502199003074430")

    with pytest.raises(AppointmentHeld):
        book(host, HELPER, when="25 10:00", name="陈", id_no=ID_NO.lower())
    with pytest.raises(InvalidInput):
        book(host, HELPER, when="25 10:00", name="", id_no="1")


def test_moving_keeps_the_old_place_until_the_new_one_is_taken(host):
    row = book(host)
    for number in range(2):
        book(host, Actor(f"u{number}", "某", frozenset({"applicant"})), when="25 10:00")

    with pytest.raises(SlotRefused) as refused:
        runtime.move_appointment(host, CITIZEN, row.appointment_id, "east", at("25 10:00"))
    assert refused.value.reason == "taken"
    assert left(host, "24 10:00") == 1

    moved = runtime.move_appointment(host, CITIZEN, row.appointment_id, "east", at("25 10:30"))
    assert (moved.slot_at, moved.day) == (at("25 10:30"), "2026-11-25")
    assert (left(host, "24 10:00"), left(host, "25 10:30")) == (2, 1)


def test_somebody_elses_booking_does_not_exist(host):
    row = book(host)

    with pytest.raises(NotFound):
        runtime.cancel_appointment(host, OTHER, row.appointment_id)
    with pytest.raises(NotFound):
        runtime.move_appointment(host, OTHER, row.appointment_id, "east", at("25 10:00"))


def test_who_has_come_neither_moves_nor_cancels(host, clock):
    row = book(host, when="23 10:00")
    runtime.check_in(host, CLERK, "east", row.appointment_id)

    with pytest.raises(Conflict):
        runtime.cancel_appointment(host, CITIZEN, row.appointment_id)
    with pytest.raises(Conflict):
        runtime.move_appointment(host, CITIZEN, row.appointment_id, "east", at("25 10:00"))


def test_names_are_sealed_and_erased_later(host, clock):
    row = book(host)
    assert runtime.name_of(host, row) == "陈志远"
    assert "陈志远".encode() not in (row.sealed or b"")

    clock.advance(timedelta(days=40))
    runtime.tend_appointments(host)

    later = runtime.own_appointment(host, CITIZEN, row.appointment_id)
    assert runtime.name_of(host, later) == ""


def race(work, count):
    """Run a function in so many threads at once; return what each gave."""
    gate, found = threading.Barrier(count), []

    def one(number):
        gate.wait()
        try:
            found.append(work(number))
        except Exception as error:  # noqa: BLE001 - each answer counts
            found.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def many(host, number):
    return book(host, replace(CITIZEN, user=f"u{number}"))


def test_of_many_at_one_instant_as_many_get_a_place_as_there_are(host):
    found = race(lambda number: many(host, number), 12)

    assert sum(not isinstance(one, Exception) for one in found) == 2
    assert {one.reason for one in found if isinstance(one, Exception)} == {"taken"}
    assert left(host, "24 10:00") == 0


def test_of_two_bookings_of_one_person_at_one_instant_one_stands(host):
    times = ["24 10:00", "24 10:30", "24 11:00", "25 10:00"]

    found = race(lambda number: book(host, when=times[number]), 4)

    assert sum(not isinstance(one, Exception) for one in found) == 1
    assert all(isinstance(one, AppointmentHeld) for one in found if isinstance(one, Exception))


def test_two_counters_at_one_instant_call_two_people(host):
    for _ in range(6):
        runtime.take_number(host, CLERK, "east", "meeting")

    found = race(lambda number: runtime.call_next(host, CLERK, "east", str(number)), 8)

    called = [one.ticket for one in found if one is not None]
    assert sorted(called) == [f"B{number:03d}" for number in range(1, 7)]


class TestOnPostgres:
    """The races once more where commands really run side by side."""

    @pytest.fixture
    def host(self, host, postgresql):
        database = databases.copied(postgresql)
        database.create()
        beside = replace(host, database=database)
        runtime.save_office(beside, HEAD, OFFICE, 0)
        yield beside
        database.close()

    def test_of_many_at_one_instant_as_many_get_a_place_as_there_are(self, host):
        test_of_many_at_one_instant_as_many_get_a_place_as_there_are(host)

    def test_of_two_bookings_of_one_person_at_one_instant_one_stands(self, host):
        test_of_two_bookings_of_one_person_at_one_instant_one_stands(host)

    def test_two_counters_at_one_instant_call_two_people(self, host):
        test_two_counters_at_one_instant_call_two_people(host)


def test_the_log_of_changes_is_never_changed(host):
    row = book(host)

    with pytest.raises(Exception, match="append"):
        host.database.write(lambda conn: conn.execute(text("DELETE FROM appointment_change")))
    with host.database.read() as conn:
        assert appointments.find(conn, row.appointment_id) == row


def test_who_has_a_booking_without_a_case_is_reminded_once_the_day_before(host, clock):
    booked = book(host, when="24 10:00")
    book(host, OTHER, when="30 10:00")

    for _ in range(2):
        runtime.tend_appointments(host)

    (line,) = runtime.list_news(host, CITIZEN, NewsFilter())
    assert line.row.link == f"/my/appointments/{booked.appointment_id}"
    assert f"预约码：{booked.code[:4]}-{booked.code[4:]}" in line.text["body"]
    assert runtime.list_news(host, OTHER, NewsFilter()) == []
