"""What a hold does to the timers and clocks of a case."""

from dataclasses import replace
from datetime import date

import pytest

from onething import runtime
from onething.runtime import Holding, Ruling
from unit.clocks.node import SUPERVISOR

WINDOW = replace(SUPERVISOR, department="window", post=None)
LICENCE = "handling.licence"
PAPER = ("东政复字〔2026〕12号", date(2026, 2, 13))


@pytest.fixture(autouse=True)
def every_case_replays_to_its_clocks(february):
    yield
    assert [one.problem for one in runtime.replay_all(february.host) if not one.is_clean] == []


def hold(node, case_no: str, by=SUPERVISOR) -> None:
    holding = Holding("litigation", *PAPER, "行政诉讼法")
    runtime.hold_case(node.host, by, case_no, holding)


def lift(node, case_no: str, by=SUPERVISOR) -> None:
    runtime.lift_hold(node.host, by, case_no, Ruling("maintained", *PAPER))


def let_clocks_pause(node, *, pauses: bool) -> None:
    node.host.settings = replace(node.host.settings, hold_pauses_clocks=pauses)


def test_clocks_run_on_where_the_site_says_nothing(february):
    case_no = february.accepted()
    due = february.last_day(case_no)

    hold(february, case_no)
    february.go_to("2026-02-16")
    lift(february, case_no)

    assert february.clocks(case_no)[LICENCE].state == "running"
    assert february.last_day(case_no) == due


def test_clocks_pause_and_run_again_where_the_site_wants_that(february):
    let_clocks_pause(february, pauses=True)
    case_no = february.accepted()
    due = february.last_day(case_no)
    hold(february, case_no)
    assert february.clocks(case_no)[LICENCE].state == "paused"

    february.go_to("2026-02-26")
    let_clocks_pause(february, pauses=False)  # what was paused runs again all the same
    lift(february, case_no)

    clock = february.clocks(case_no)[LICENCE]
    assert clock.state == "running"
    assert february.last_day(case_no) > due
    assert "诉" not in str([entry.reason for entry in clock.entries])  # everybody reads a ledger


def test_what_a_supervisor_let_run_again_by_hand_hinders_no_lifting(february):
    let_clocks_pause(february, pauses=True)
    case_no = february.accepted()
    hold(february, case_no)
    runtime.move_clock(february.host, SUPERVISOR, case_no, runtime.Resume(LICENCE))

    lift(february, case_no)

    assert february.clocks(case_no)[LICENCE].state == "running"


def test_no_timer_fires_while_it_holds_and_what_came_due_fires_after(february):
    held, free = february.apply(), february.apply()
    hold(february, held, WINDOW)

    february.go_to("2026-03-20")
    quiet = [one.kind for one in february.events(held)]
    lift(february, held, WINDOW)
    february.go_to("2026-03-20", 11)

    assert "TimerFired" in [one.kind for one in february.events(free)]
    assert "TimerFired" not in quiet
    assert "TimerFired" in [one.kind for one in february.events(held)]
