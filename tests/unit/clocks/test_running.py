"""Clocks run with the case, pause and end as its diagram says, and replay to what is stored."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from onething import runtime
from onething.clocks.models import clock as clock_table
from onething.identity import SYSTEM
from unit.clocks.node import OPERATOR, at

LICENCE = "handling.licence"


@pytest.fixture(autouse=True)
def every_case_replays_to_its_clocks(february):
    yield
    assert [one.problem for one in runtime.replay_all(february.host) if not one.is_clean] == []


def test_reception_runs_from_the_application_to_the_decision(node):
    case_no = node.apply()
    before = node.clocks(case_no)["reception"].state

    node.decide(case_no, "accept")

    assert (before, node.clocks(case_no)["reception"].state) == ("running", "stopped")


def test_handling_runs_from_acceptance_to_the_result_with_both_limits(node):
    case_no = node.accepted()
    clock = node.clocks(case_no)[LICENCE]

    node.decide(case_no, "grant")

    assert (clock.statutory, clock.promised, clock.department) == ("ND(30)", "WD(10)", "civil")
    assert (clock.started_on, clock.state) == (date(2026, 3, 2), "running")
    assert node.clocks(case_no)[LICENCE].state == "stopped"


def test_an_application_at_half_past_eleven_at_night_belongs_to_that_day(node):
    node.go_to("2026-03-03", hour=23)

    case_no = node.apply()

    assert node.clocks(case_no)["reception"].started_on == date(2026, 3, 3)


def test_t20_acceptance_is_deemed_when_reception_runs_out_and_goes_back_to_the_materials(february):
    case_no = february.apply()

    february.go_to("2026-02-28", hour=0)

    clocks = february.clocks(case_no)
    assert clocks["reception"].statutory_due_at == at("2026-02-28", 0)
    assert [one.kind for one in clocks["reception"].entries] == ["start", "stop", "deemed"]
    assert clocks["reception"].state == "expired"
    assert clocks[LICENCE].started_on == date(2026, 2, 13)
    assert clocks[LICENCE].entries[0].kind == "deemed"
    assert february.last_day(case_no) == date(2026, 3, 5)


def test_t20_nothing_is_deemed_before_the_last_day_is_over(february):
    case_no = february.apply()

    february.go_to("2026-02-27", hour=23)

    assert february.clocks(case_no)["reception"].state == "running"


def test_t22_work_that_wanders_between_departments_stops_no_clock(node):
    case_no = node.accepted()
    due = node.last_day(case_no)

    node.decide(case_no, "consult")
    node.go_to("2026-03-06")
    node.decide(case_no, "back")

    clock = node.clocks(case_no)[LICENCE]
    assert (clock.state, node.last_day(case_no)) == ("running", due)
    assert [entry.kind for entry in clock.entries] == ["start"]


def test_an_appraisal_is_not_counted_and_ends_by_itself(node):
    case_no = node.accepted()
    node.go_to("2026-03-05")
    node.decide(case_no, "appraise")
    paused = node.clocks(case_no)[LICENCE]

    node.go_to("2026-03-16", hour=9)

    clock = node.clocks(case_no)[LICENCE]
    assert (paused.state, clock.state) == ("paused", "running")
    assert [entry.kind for entry in clock.entries] == ["start", "exclusion", "resume"]
    assert clock.entries[1].basis == "行政许可法 第四十五条"
    assert clock.ledger("promised").pauses() == [(date(2026, 3, 5), date(2026, 3, 15))]
    assert node.last_day(case_no) == date(2026, 3, 25)
    assert node.clocks(case_no)["notice.licence"].state == "expired"


def test_a_supplement_stops_reception_and_begins_it_anew_when_all_is_there(node):
    case_no = node.apply()
    node.decide(case_no, "supplement")
    waiting = node.clocks(case_no)
    node.go_to("2026-03-09")

    node.decide(case_no, "here")

    found = node.clocks(case_no)
    assert (waiting["reception"].state, waiting["supplement"].state) == ("stopped", "running")
    assert (found["supplement"].state, found["reception#2"].state) == ("stopped", "running")
    assert found["reception#2"].started_on == date(2026, 3, 9)


def test_after_a_supplement_handling_counts_from_the_day_on_which_it_was_complete(node):
    case_no = node.apply()
    node.decide(case_no, "supplement")
    node.go_to("2026-03-09")
    node.decide(case_no, "here")
    node.go_to("2026-03-11")

    node.decide(case_no, "accept")

    assert node.clocks(case_no)[LICENCE].started_on == date(2026, 3, 9)


def test_the_promise_of_the_case_adds_up_what_runs_in_a_row(node):
    case_no = node.accepted()

    clock = node.clocks(case_no)["handling"]

    assert (clock.promised, clock.is_derived) == ("WD(10)+WD(3)", True)
    assert node.last_day(case_no, "handling") == date(2026, 3, 19)


def test_the_promise_of_the_case_moves_with_its_items_and_says_since_when(node):
    case_no = node.accepted()
    node.go_to("2026-03-04")

    node.decide(case_no, "grant")

    assert node.last_day(case_no, "handling") == date(2026, 3, 9)
    entry = node.clocks(case_no)["handling"].entries[-1]
    assert (entry.kind, entry.first, entry.reason) == (
        "redated",
        date(2026, 3, 4),
        "handling.register",
    )


def test_a_task_has_a_clock_of_its_own_while_it_is_open(node):
    case_no = node.accepted()
    token = node.task(case_no).token
    running = node.clocks(case_no)[f"task.{token}"]

    node.decide(case_no, "grant")

    assert (running.promised, running.department, running.item_id) == ("WD(2)", "civil", "licence")
    assert node.clocks(case_no)[f"task.{token}"].state == "stopped"


def test_a_closed_case_keeps_only_the_clocks_of_its_open_tasks(node):
    case_no = node.accepted()
    node.decide(case_no, "grant")

    node.decide(case_no, "entered")

    assert {one.kind for one in node.clocks(case_no).values() if one.is_open} == {"task"}


def test_a_case_that_has_ended_has_no_clock_that_runs(node):
    case_no = node.accepted()
    for decision in ("grant", "entered", "archived"):
        node.decide(case_no, decision)

    assert [one for one in node.clocks(case_no).values() if one.is_open] == []


def test_an_operator_who_moves_a_case_moves_the_clocks_of_its_tasks(node):
    case_no = node.accepted()
    token = node.task(case_no).token

    runtime.modify(
        node.host, OPERATOR, case_no, cancel="examine", start="consult", reason="转公安核查"
    )

    found = node.clocks(case_no)
    assert found[f"task.{token}"].state == "stopped"
    assert found[f"task.{node.task(case_no).token}"].department == "police"
    assert found[LICENCE].state == "running"


def test_replay_names_the_clock_that_was_changed_behind_its_back(node):
    case_no = node.accepted()
    changed = update(clock_table).where(clock_table.c.clock_id == LICENCE)
    node.host.write(lambda conn: conn.execute(changed.values(promised="WD(20)")))

    verdict = runtime.replay(node.host, case_no)

    node.host.write(lambda conn: conn.execute(changed.values(promised="WD(10)")))
    assert verdict.problem == f"the clocks {LICENCE} stand otherwise than their history says"


def test_a_task_in_office_hours_has_a_clock_that_ends_with_them(node):
    case_no = node.accepted()
    for decision in ("grant", "entered"):
        node.decide(case_no, decision)

    view = runtime.view_clock(node.host, SYSTEM, case_no, f"task.{node.task(case_no).token}")

    assert [(leg.limit, leg.days) for leg in view.legs] == [("WH(4)", [])]
    assert view.legs[0].due_at == at("2026-03-02", 15) + timedelta(minutes=30)
