"""A new holiday notice moves what is open, once, and what it does not touch stays."""

from datetime import date

import pytest

from onething import jobs, runtime, tasks
from onething.calendar import load, load_default
from onething.errors import NotAllowed
from unit.clocks.node import CLERK, OPERATOR, at

LICENCE = "handling.licence"


@pytest.fixture
def notice(february, notices):
    """Let a node know the holidays of 2027."""

    def publish():
        before = february.host.calendar
        february.host.calendars = {**february.host.calendars, before.version: before}
        february.host.calendar = load(notices)

    return publish


@pytest.fixture(autouse=True)
def every_case_replays_to_its_clocks(february):
    yield
    assert [one.problem for one in runtime.replay_all(february.host) if not one.is_clean] == []


@pytest.fixture
def december(february):
    """A node on Wednesday, 30 December 2026."""
    assert not load_default().has_year(2027)
    february.go_to("2026-12-30")
    return february


def redate(node):
    """Return the sums of the last transaction."""
    return list(runtime.redate_clocks(node.host, OPERATOR))[-1:]


def task_due(node, case_no):
    task = node.task(case_no)
    with node.host.database.read() as conn:
        return tasks.get(conn, task.instance_id, task.token).due_at


def test_clocks_tasks_and_the_promise_of_the_case_move_with_the_notice(december, notice):
    case_no = december.accepted()
    before = december.clocks(case_no)
    notice()

    (done,) = redate(december)

    clock = december.clocks(case_no)[LICENCE]
    assert (before[LICENCE].provisional, clock.provisional) == (True, False)
    assert december.last_day(case_no) == date(2027, 1, 15)
    assert december.last_day(case_no, "handling") == date(2027, 1, 20)
    assert task_due(december, case_no) == at("2027-01-07", 0)
    assert (done.cases, done.moved, done.tasks) == (1, 1, 1)
    event = december.events(case_no)[-1]
    assert (event.kind, event.input["calendar"]) == (
        "ClocksRedated",
        december.host.calendar.version,
    )


def test_a_legal_timer_moves_with_the_notice_and_fires_then(december, notice):
    case_no = december.apply()
    notice()

    redate(december)

    with december.host.database.read() as conn:
        (timer,) = jobs.timers_of(conn, december.instance(case_no))
    assert (timer.due_at, timer.provisional) == (at("2027-01-10", 0), 0)
    december.go_to("2027-01-09", hour=23)
    assert december.clocks(case_no)["reception"].state == "running"
    december.go_to("2027-01-10", hour=0)
    assert december.clocks(case_no)["reception"].state == "expired"


def test_a_case_that_the_notice_does_not_touch_gets_no_event(node, notice):
    case_no = node.accepted()
    before = node.events(case_no)
    notice()

    (done,) = redate(node)

    assert (done.cases, done.moved) == (1, 0)
    assert len(node.events(case_no)) == len(before)
    versions = {one.calendar_version for one in node.clocks(case_no).values() if one.is_open}
    assert versions == {node.host.calendar.version}


def test_what_was_done_before_an_interruption_is_not_done_again(december, notice):
    cases = [december.accepted() for _ in range(5)]
    notice()
    next(runtime.redate_clocks(december.host, OPERATOR, at_once=2))

    (rest,) = redate(december)

    assert (rest.cases, rest.moved) == (3, 3)
    assert [december.last_day(one) for one in cases] == [date(2027, 1, 15)] * 5
    assert all(
        [event.kind for event in december.events(one)].count("ClocksRedated") == 1 for one in cases
    )


def test_a_second_run_finds_nothing_to_do(december, notice):
    december.accepted()
    notice()
    redate(december)

    assert redate(december) == []


def test_a_paused_clock_is_counted_by_the_new_notice_when_it_goes_on(december, notice):
    case_no = december.accepted()
    december.decide(case_no, "appraise")
    notice()

    redate(december)
    december.go_to("2027-01-20")

    clock = december.clocks(case_no)[LICENCE]
    assert (clock.state, clock.provisional) == ("running", False)


def test_only_operators_redate(node):
    with pytest.raises(NotAllowed):
        runtime.redate_clocks(node.host, CLERK)
