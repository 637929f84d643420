"""Cards are raised by the table, each rule once a clock, and stand in the history."""

import pytest
from sqlalchemy import event

from onething import cards, runtime
from unit.clocks.node import SUPERVISOR, Node


@pytest.fixture(autouse=True)
def every_case_replays(node):
    yield
    assert [one.problem for one in runtime.replay_all(node.host) if not one.is_clean] == []


def raised(node: Node, case_no: str, *, day: str, hour: int = 10) -> list[tuple[str, str | None]]:
    """Let time pass up to a day, sweep, and return rule and clock of every card."""
    node.go_to(day, hour)
    runtime.raise_cards(node.host, every=True)
    with node.host.database.read() as conn:
        found = cards.of_case(conn, node.instance(case_no))
    return [(one.rule, one.clock_id) for one in found]


def of(found, clock_id: str) -> list[str]:
    return [rule for rule, clock in found if clock == clock_id]


def test_nothing_is_raised_while_there_is_time(node):
    case_no = node.accepted()

    assert raised(node, case_no, day="2026-03-02") == []


def test_the_handler_is_warned_when_a_fifth_of_the_promise_is_left(node):
    case_no = node.accepted()

    before = of(raised(node, case_no, day="2026-03-11"), "handling.licence")
    after = of(raised(node, case_no, day="2026-03-12"), "handling.licence")

    assert (before, after) == ([], ["approaching"])


def test_a_passed_promise_is_a_yellow_card_and_a_passed_statute_a_red_one(node):
    case_no = node.accepted()

    yellow = of(raised(node, case_no, day="2026-03-17", hour=0), "handling.licence")
    red = of(raised(node, case_no, day="2026-04-02"), "handling.licence")

    assert yellow == ["promised-passed"]
    assert red == ["promised-passed", "statutory-passed"]


def test_a_second_sweep_raises_nothing_again(node):
    case_no = node.accepted()
    first = raised(node, case_no, day="2026-03-17")

    again = runtime.raise_cards(node.host, every=True)

    assert (again, raised(node, case_no, day="2026-03-17")) == (0, first)


def test_between_two_days_only_what_is_overdue_is_looked_at(node):
    case_no = node.accepted()
    node.go_to("2026-03-04")

    overdue = runtime.raise_cards(node.host)
    every = runtime.raise_cards(node.host, every=True)

    assert (overdue, every) == (0, 1)
    assert of(raised(node, case_no, day="2026-03-04"), "handling.licence") == []


def test_a_reception_that_ran_out_is_a_yellow_card_though_its_clock_has_ended(node):
    case_no = node.apply()

    found = raised(node, case_no, day="2026-03-10")

    assert of(found, "reception") == ["reception-passed"]


def test_a_paused_clock_raises_nothing(node):
    case_no = node.accepted()
    pause = runtime.Pause("handling.licence", "鉴定", "行政许可法 第四十五条", needs="ND(10)")
    runtime.move_clock(node.host, SUPERVISOR, case_no, pause)

    found = raised(node, case_no, day="2026-04-20")

    assert of(found, "handling.licence") == []


def test_every_card_is_an_event_of_the_case(node):
    case_no = node.accepted()
    found = raised(node, case_no, day="2026-03-17")

    told = [one.input for one in node.events(case_no) if one.kind == "CardRaised"]

    assert [(one["rule"], one["clock"]) for one in told] == found
    assert {one["department"] for one in told} == {"civil"}


def test_a_sweep_with_nothing_due_asks_the_database_once(node):
    for _ in range(3):
        node.accepted()
    asked = []
    event.listen(node.host.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    runtime.raise_cards(node.host)

    assert len([one for one in asked if one.startswith("SELECT")]) == 1
