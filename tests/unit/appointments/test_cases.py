"""Appointments that a case's forms choose: booked with the answer, or neither is written."""

from datetime import timedelta

import pytest

from onething import appointments, cases, history, runtime
from onething.errors import (
    AppointmentHeld,
    Conflict,
    NotAllowed,
    NotFound,
    SlotRefused,
)
from onething.identity import Actor
from unit.appointments.conftest import CITIZEN, CLERK, OTHER, at
from unit.appointments.test_booking import left

ANSWERS = {
    "guest": {"name": "陈志远", "idNo": "37050219680412991X"},
    "registry": "东营区会面中心",
    "slot": "2026-11-24T10:00:00+08:00",
}


def start(host, actor=CITIZEN, **answers):
    return runtime.start_case(host, actor, "meeting", {**ANSWERS, **answers}, key=actor.user)


def of(host, started):
    with host.database.read() as conn:
        return appointments.of_case(conn, started.receipt.instance_id)


def events(host, started):
    with host.database.read() as conn:
        return list(history.read(conn, None, started.receipt.instance_id))


def test_the_time_is_booked_with_the_opening(host):
    started = start(host)

    (row,) = of(host, started)
    assert (row.state, row.slot_at, row.case_no) == ("booked", at("24 10:00"), started.case_no)
    assert runtime.name_of(host, row) == "陈志远"
    assert left(host, "24 10:00") == 1
    assert events(host, started)[0].input["appointment"] == row.appointment_id


def test_the_same_application_sent_twice_books_once(host):
    started = start(host)

    assert start(host).case_no == started.case_no
    assert left(host, "24 10:00") == 1


def test_a_time_that_is_gone_opens_no_case(host):
    for number in range(2):
        other = Actor(f"u{number}", "某", frozenset({"applicant"}))
        runtime.book(host, other, "east", "meeting", at("24 10:00"))

    with pytest.raises(SlotRefused) as refused:
        start(host)

    assert (refused.value.reason, list(refused.value.fields)) == ("taken", ["slot"])
    with host.database.read() as conn:
        assert cases.listing(conn, submitted_by="citizen") == []


@pytest.mark.parametrize(
    "answers",
    [
        {"registry": "外省某登记处"},
        {"registry": "外省某登记处", "slot": "2026-11-29T03:07:00+08:00"},
        {"registry": "东营区会面", "slot": "2025-01-01T10:00:00+08:00"},
    ],
)
def test_a_registry_that_is_no_office_here_keeps_the_plain_time(host, answers):
    assert of(host, start(host, **answers)) == []


def test_an_office_is_known_by_its_english_name_too(host):
    assert len(of(host, start(host, registry="East meeting centre"))) == 1


def test_a_booking_without_a_case_gives_way_to_that_of_the_case(host):
    runtime.book(host, CITIZEN, "east", "meeting", at("24 10:00"))

    started = start(host)

    assert [one.state for one in runtime.own_appointments(host, CITIZEN)].count("booked") == 1
    assert len(of(host, started)) == 1
    assert left(host, "24 10:00") == 1


def test_the_same_person_under_another_account_is_refused(host):
    start(host)

    with pytest.raises(AppointmentHeld):
        runtime.book(
            host,
            Actor("helper", "村里", frozenset({"helper"})),
            "east",
            "meeting",
            at("25 10:00"),
            name="陈志远",
            id_no="37050219680412991X",
        )
    assert runtime.book(host, OTHER, "east", "meeting", at("25 10:00")).state == "booked"


def test_the_form_of_a_task_books_again_at_the_office_of_the_case(host, clock):
    started = start(host)
    clock.move_to(at("24 10:31"))
    runtime.tend_appointments(host)
    runtime.fire_timers(host)
    (task,) = (one for one in runtime.view_case(host, CITIZEN, started.case_no).tasks if one.party)

    with pytest.raises(SlotRefused):
        runtime.complete(host, CITIZEN, task.id, {"slot": "2026-11-29T10:00"})
    runtime.complete(host, CITIZEN, task.id, {"slot": "2026-11-25T10:00"})

    assert [(one.state, one.slot_at) for one in of(host, started)] == [
        ("booked", at("25 10:00")),
        ("no_show", at("24 10:00")),
    ]
    assert events(host, started)[-1].input["appointment"]
    assert runtime.replay(host, started.case_no).is_clean


def test_a_case_that_ended_gives_its_place_back(host):
    started = start(host)
    (task,) = runtime.view_case(host, CITIZEN, started.case_no).tasks
    runtime.complete(host, CLERK, task.id, {"words": "提前办完"})

    runtime.tend_appointments(host)

    assert [one.state for one in of(host, started)] == ["cancelled"]
    assert left(host, "24 10:00") == 2


def test_who_has_an_appointment_tomorrow_is_told_once_and_not_at_night(host, clock):
    started = start(host, slot="2026-11-25T10:00:00+08:00")

    def told():
        runtime.tend_appointments(host)
        return runtime.view_notices(host, CITIZEN, started.case_no)

    clock.move_to(at("24 08:00"))
    assert told() == []
    clock.move_to(at("24 09:30"))
    (notice,) = told()
    clock.advance(timedelta(hours=1))
    assert told() == [notice]
    assert "2026-11-25 10:00" in notice.body[0]
    assert "样例路 1 号" in notice.body[1]


def own_task(host, started):
    return next(one for one in runtime.view_case(host, CITIZEN, started.case_no).tasks if one.party)


def test_an_applicant_moves_the_appointment_and_keeps_the_old_time_until_then(host):
    started = start(host)

    runtime.change_appointment(host, CITIZEN, started.case_no)
    assert left(host, "24 10:00") == 1
    task = own_task(host, started)
    runtime.complete(host, CITIZEN, task.id, {"slot": "2026-11-25T10:00"})

    assert (left(host, "24 10:00"), left(host, "25 10:00")) == (2, 1)
    states = [(one.state, one.slot_at) for one in of(host, started)]
    assert ("booked", at("25 10:00")) in states
    assert ("cancelled", at("24 10:00")) in states
    assert runtime.replay(host, started.case_no).is_clean


def test_whoever_changes_their_mind_takes_the_same_time_again(host):
    started = start(host)
    runtime.change_appointment(host, CITIZEN, started.case_no)

    runtime.complete(host, CITIZEN, own_task(host, started).id, {"slot": "2026-11-24T10:00"})

    assert left(host, "24 10:00") == 1


def test_an_appointment_that_is_given_up_is_free_at_once_and_the_case_goes_on(host):
    started = start(host)

    runtime.change_appointment(host, CITIZEN, started.case_no, is_given_up=True, key="k")
    again = runtime.change_appointment(host, CITIZEN, started.case_no, is_given_up=True, key="k")

    assert left(host, "24 10:00") == 2
    assert again.repeated
    assert own_task(host, started).is_live
    assert events(host, started)[-1].kind == "AppointmentGivenUp"


def test_nobody_else_changes_it_and_nothing_where_nothing_is_to_come(host):
    started = start(host)

    with pytest.raises(NotFound):
        runtime.change_appointment(host, OTHER, started.case_no)
    with pytest.raises(NotAllowed):
        runtime.change_appointment(host, CLERK, started.case_no)
    runtime.change_appointment(host, CITIZEN, started.case_no, is_given_up=True)
    with pytest.raises(Conflict):
        runtime.change_appointment(host, CITIZEN, started.case_no)
