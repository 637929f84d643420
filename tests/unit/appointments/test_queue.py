"""The queue of a day: bookings at their time, walk-ins between, nobody lost."""

from datetime import timedelta

import pytest

from onething import runtime
from onething.errors import Conflict, InvalidInput, NotAllowed, NotFound
from onething.identity import Actor
from unit.appointments.conftest import CITIZEN, CLERK, OTHER, at


def booked(host, when, user="citizen", name="陈志远"):
    actor = Actor(user, name, frozenset({"applicant"}))
    return runtime.book(host, actor, "east", "meeting", at(when)).appointment_id


def come(host, appointment_id):
    return runtime.check_in(host, CLERK, "east", appointment_id)


def walk_in(host, name=""):
    return runtime.take_number(host, CLERK, "east", "meeting", name)


def call(host, counter="1"):
    return runtime.call_next(host, CLERK, "east", counter)


def serve(host, counter="1"):
    """Call, serve and let go; return the number."""
    row = call(host, counter)
    runtime.end_service(host, CLERK, "east", row.appointment_id)
    return row.ticket


def state(host, appointment_id):
    entries = runtime.view_day(host, CLERK, "east").entries
    return next(one.row.state for one in entries if one.row.appointment_id == appointment_id)


def test_bookings_are_called_at_their_time_and_walk_ins_between(host, clock):
    early, late = booked(host, "23 09:30"), booked(host, "23 10:00", "other")
    walk_in(host)
    come(host, late)
    come(host, early)

    assert serve(host) == "B001"  # nobody's time has come yet
    walk_in(host)
    clock.advance(timedelta(minutes=30))
    assert serve(host) == "A002"  # half past nine: the booking before the walk-in
    assert serve(host) == "B002"
    assert serve(host) == "A001"  # nobody else waits: the ten o'clock booking early
    assert call(host) is None


def test_a_number_is_shown_with_its_counter_from_the_call_to_the_end(host):
    walk_in(host)

    row = call(host, " A2 ")

    assert (row.state, row.counter, row.calls) == ("called", "A2", 1)
    again = runtime.recall(host, CLERK, "east", row.appointment_id)
    assert again.calls == 2
    assert runtime.begin_service(host, CLERK, "east", row.appointment_id).state == "in_service"
    assert runtime.end_service(host, CLERK, "east", row.appointment_id).state == "done"


def test_a_counter_with_somebody_at_it_calls_nobody_else(host):
    walk_in(host)
    walk_in(host)
    call(host)

    with pytest.raises(Conflict):
        call(host)
    assert call(host, "2").ticket == "B002"


@pytest.mark.parametrize("counter", ["", "  ", "a very long one", "1\n2"])
def test_a_counter_has_a_short_word(host, counter):
    with pytest.raises(InvalidInput):
        call(host, counter)


def test_who_does_not_come_when_called_waits_behind_the_others(host, clock):
    walk_in(host)
    walk_in(host)
    first = call(host)
    clock.advance(timedelta(minutes=1))

    runtime.pass_over(host, CLERK, "east", first.appointment_id)

    assert serve(host) == "B002"
    assert serve(host) == "B001"


def test_a_booking_that_nobody_comes_to_is_given_up_and_late_comers_are_put_back(host, clock):
    missed = booked(host, "23 10:00")
    clock.advance(timedelta(minutes=74))
    runtime.tend_appointments(host)
    assert state(host, missed) == "booked"

    clock.advance(timedelta(minutes=1))
    runtime.tend_appointments(host)
    assert state(host, missed) == "no_show"

    walk_in(host)
    clock.advance(timedelta(minutes=1))
    row = come(host, missed)
    walk_in(host)
    assert (row.state, row.ticket, row.is_late) == ("arrived", "A001", 1)
    assert [serve(host) for _ in range(3)] == ["B001", "A001", "B002"]


def test_who_has_come_is_no_no_show(host, clock):
    here = booked(host, "23 10:00")
    come(host, here)
    clock.advance(timedelta(hours=3))

    runtime.tend_appointments(host)

    assert state(host, here) == "arrived"


def test_checking_in_twice_gives_one_number(host):
    here = booked(host, "23 10:00")

    assert come(host, here).ticket == come(host, here).ticket == "A001"


def test_a_booking_of_another_day_is_not_checked_in(host):
    with pytest.raises(Conflict):
        come(host, booked(host, "24 10:00"))


def test_checking_in_is_taken_back(host):
    here, number = booked(host, "23 10:00"), walk_in(host)
    come(host, here)

    runtime.undo_check_in(host, CLERK, "east", here)
    runtime.undo_check_in(host, CLERK, "east", number.appointment_id)

    assert state(host, here) == "booked"
    assert call(host) is None


def test_the_holder_is_found_by_code_number_and_name(host):
    here = booked(host, "23 10:00")
    booked(host, "23 10:30", "other", "钱立群")
    row = come(host, here)

    def found(text):
        return [one.name for one in runtime.find_in_day(host, CLERK, "east", text)]

    assert found(row.code.lower()) == found(f"{row.code[:4]}-{row.code[4:]}") == ["陈志远"]
    assert found("a001") == ["陈志远"]
    assert found("立") == ["钱立群"]
    assert found("") == found("无此人") == []


def test_the_day_after_nobody_is_left_in_the_queue(host, clock):
    waiting, served = walk_in(host), walk_in(host)
    call(host)
    runtime.begin_service(host, CLERK, "east", waiting.appointment_id)
    clock.advance(timedelta(days=1))

    runtime.tend_appointments(host)

    day = runtime.view_day(host, CLERK, "east", "2026-11-23")
    ends = {one.row.appointment_id: one.row.state for one in day.entries}
    assert ends == {waiting.appointment_id: "done", served.appointment_id: "no_show"}


@pytest.mark.parametrize("actor", [CITIZEN, OTHER, Actor("x", "x", frozenset({"clerk"}), "police")])
def test_only_the_offices_clerks_work_on_its_queue(host, actor):
    row = walk_in(host)

    for command in (runtime.check_in, runtime.recall, runtime.end_service):
        with pytest.raises((NotFound, NotAllowed)):
            command(host, actor, "east", row.appointment_id)
    with pytest.raises((NotFound, NotAllowed)):
        runtime.call_next(host, actor, "east", "1")
    assert state(host, row.appointment_id) == "arrived"


def test_a_number_is_given_once_for_one_request(host):
    first = runtime.take_number(host, CLERK, "east", "meeting", key="k" * 24)

    assert runtime.take_number(host, CLERK, "east", "meeting", key="k" * 24) == first
