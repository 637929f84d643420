"""Offices: when they serve people, who may change them, and what they were before."""

from dataclasses import replace
from datetime import date

import pytest

from onething import runtime
from onething.appointments import read_office
from onething.calendar import load_default
from onething.errors import Conflict, InvalidInput, NotAllowed, NotFound
from unit.appointments.conftest import CLERK, HEAD, OFFICE

CALENDAR = load_default()


def hours(day, **more):
    office = read_office({**OFFICE, **more})
    return [f"{a:%H:%M}-{b:%H:%M}" for a, b in office.stretches(date.fromisoformat(day), CALENDAR)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-24", ["09:00-12:00", "13:30-17:00"]),
        ("2026-11-26", []),  # closed by itself
        ("2026-11-28", ["09:00-11:00"]),  # a Saturday on which it serves
        ("2026-11-29", []),
        ("2026-10-01", []),  # a holiday on a weekday
        ("2026-10-10", ["09:00-12:00", "13:30-17:00"]),  # a make-up Saturday
    ],
)
def test_days_follow_the_offices_own_and_then_the_legal_calendar(day, expected):
    assert hours(day) == expected


def test_an_office_may_serve_on_saturdays():
    weekly = {**OFFICE["hours"], "6": ["09:00-11:30"]}

    assert hours("2026-12-05", hours=weekly) == ["09:00-11:30"]


def test_a_closed_day_comes_before_an_extra_one():
    assert hours("2026-11-28", closed=["2026-11-28"]) == []


def test_slots_lie_whole_within_the_hours(host):
    office = read_office({**OFFICE, "slot_minutes": 50})

    found = list(office.slots(date(2026, 11, 24), host.calendar, host.zone))

    assert [one.astimezone(host.zone).strftime("%H:%M") for one in found] == [
        "09:00", "09:50", "10:40", "13:30", "14:20", "15:10", "16:00"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("office_id", "Ost"),
        ("name", ""),
        ("name", "长" * 61),
        ("division", "37050"),
        ("slot_minutes", "0"),
        ("slot_minutes", "halb"),
        ("horizon_days", 181),
        ("no_show_minutes", "1"),
        ("hours", {}),
        ("hours", {"1": ["12:00-09:00"]}),
        ("hours", {"1": ["09:00-12:00", "11:00-13:00"]}),
        ("hours", {"1": ["bald"]}),
        ("closed", ["2026-02-30"]),
        ("extra", {"2028-05-20": []}),
        ("extra", {"nie": ["09:00-10:00"]}),
        ("posts", []),
        ("posts", [{**OFFICE["posts"][0], "capacity": "-1"}]),
        ("posts", [OFFICE["posts"][0], OFFICE["posts"][0]]),
    ],
)
def test_what_makes_no_office_is_refused_with_its_field(field, value):
    with pytest.raises(InvalidInput) as refused:
        read_office({**OFFICE, field: value})

    assert list(refused.value.fields) == [field]


def test_a_supervisor_saves_an_office_and_what_it_was_stays(host):
    runtime.save_office(host, HEAD, {**OFFICE, "name": "新名"}, 1)

    kept = runtime.office_history(host, CLERK, "east")

    assert [(one.version, one.config["name"]) for one in kept] == [
        (2, "新名"),
        (1, "东营区会面中心"),
    ]


def test_a_page_that_was_overtaken_saves_nothing(host):
    runtime.save_office(host, HEAD, {**OFFICE, "name": "新名"}, 1)

    with pytest.raises(Conflict):
        runtime.save_office(host, HEAD, {**OFFICE, "name": "旧页"}, 1)


def test_a_word_that_is_taken_makes_no_new_office(host):
    with pytest.raises(Conflict):
        runtime.save_office(host, HEAD, {**OFFICE, "name": "另一处"}, 0)


def test_two_offices_have_two_names(host):
    with pytest.raises(InvalidInput):
        runtime.save_office(host, HEAD, {**OFFICE, "office_id": "west"}, 0)


@pytest.mark.parametrize(
    "actor",
    [
        CLERK,
        replace(HEAD, department="police"),
        replace(HEAD, department=None),
        replace(HEAD, region="370503"),
    ],
)
def test_nobody_else_saves_an_office(host, actor):
    with pytest.raises(NotAllowed):
        runtime.save_office(host, actor, {**OFFICE, "name": "新名"}, 1)


def test_an_office_of_another_department_does_not_exist(host):
    with pytest.raises(NotFound):
        runtime.own_office(host, replace(CLERK, department="police"), "east")


def test_a_renewed_display_key_ends_the_old_address(host):
    row = runtime.own_office(host, CLERK, "east")
    key = runtime.display_key(host, row)
    assert runtime.display_office(host, "east", key).office.office_id == "east"

    runtime.renew_display(host, HEAD, "east")

    with pytest.raises(NotFound):
        runtime.display_office(host, "east", key)
    with pytest.raises(NotAllowed):
        runtime.renew_display(host, CLERK, "east")
