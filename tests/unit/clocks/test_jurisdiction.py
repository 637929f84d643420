"""The calendar of the place where a case is handled counts its clocks, tasks and timers."""

from datetime import date

import pytest

from onething import runtime, tasks
from onething.calendar import jurisdiction_of, load_default, parse_notice
from unit.clocks.node import APPLICANT, OPERATOR, SUPERVISOR, ZONE

LOCAL = """
jurisdiction = "CN-37-05"
year = 2026
source = "a city's own holiday, for the tests"

[[holidays]]
name = "建市纪念日"
first = 2026-03-04
last = 2026-03-04
make_up = []
"""
LICENCE = "handling.licence"


@pytest.fixture(autouse=True)
def every_case_replays_to_its_clocks(february):
    yield
    assert [one.problem for one in runtime.replay_all(february.host) if not one.is_clean] == []


@pytest.fixture
def city(node):
    """A node that knows the holiday of one city."""
    runtime.import_calendar(node.host, OPERATOR, LOCAL, "city.toml")
    return node


def accepted(node, division):
    person = {"name": "张三", "division": division}
    case_no = runtime.start_case(node.host, APPLICANT, "licence", {"person": person}).case_no
    node.decide(case_no, "accept")
    return case_no


def test_a_citys_holiday_moves_its_own_cases_and_no_others(city):
    here, there = accepted(city, "370502"), accepted(city, "110101")

    assert city.clocks(here)[LICENCE].jurisdiction == "CN-37-05-02"
    assert (city.last_day(here), city.last_day(there)) == (date(2026, 3, 17), date(2026, 3, 16))


def test_tasks_and_timers_of_a_case_know_the_holiday_too(city):
    case_no = accepted(city, "370502")

    due_at = city.task(case_no).due_at

    assert due_at.astimezone(ZONE).date() == date(2026, 3, 6)


def test_a_preview_counts_by_the_cases_place(city):
    case_no = accepted(city, "370502")
    move = runtime.Extension(LICENCE, "WD(5)", "案情复杂", "行政许可法 第四十二条")

    preview = runtime.preview_move(city.host, SUPERVISOR, case_no, move)

    assert preview.after.legs[0].due_on == date(2026, 3, 24)


def test_a_citys_notice_that_comes_later_moves_its_open_clocks_and_tasks(node):
    here, there = accepted(node, "370502"), accepted(node, "110101")
    runtime.import_calendar(node.host, OPERATOR, LOCAL, "city.toml")

    for _batch in runtime.redate_clocks(node.host, OPERATOR):
        pass

    with node.host.database.read() as conn:
        (task,) = tasks.worklist(conn, tasks.Filter(case_no=here, states=tasks.LIVE))
    assert task.due_at.astimezone(ZONE).date() == date(2026, 3, 6)
    assert (node.last_day(here), node.last_day(there)) == (date(2026, 3, 17), date(2026, 3, 16))


@pytest.mark.parametrize(
    ("division", "jurisdiction"),
    [
        ("370502", "CN-37-05-02"),
        ("370502001000", "CN-37-05-02"),
        (None, "CN"),
        ("37", "CN"),
        ("东营区东营市", "CN"),
    ],
)
def test_a_divisions_code_names_its_jurisdiction(division, jurisdiction):
    assert jurisdiction_of(division) == jurisdiction


def test_a_citys_notice_does_not_stand_for_the_countrys():
    notice = parse_notice(LOCAL.replace("2026", "2031"), "2031")

    calendar = load_default().replaced(notice)

    assert not calendar.has_year(2031, "CN-37-05-02")
