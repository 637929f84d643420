"""What the marks of a step mean to the clocks, without a node."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.calendar import load_default
from onething.catalog import Catalog
from onething.clocks import Frame, Register, Why, effects, fold
from onething.engine import Mark, Step
from onething.errors import ClockRefused, Conflict, InvalidInput, OnethingError
from onething.runtime.clocks.clocking import Clocking

SERVICE = Catalog([Path(__file__).parent / "package"]).package("licence").service
ITEMS = {"licence": "in_progress", "register": "waiting"}
BEGIN = {"item": "licence", "item.state": "in_progress"}
NAME = "handling.licence"


def after(*steps, by="clerk"):
    """Return the register after some steps, each a list of marks, on days in a row."""
    register = frame_of(1, ())
    for number, marks in enumerate(steps, start=1):
        register = frame_of(number, register.clocks.values())
        apply(register, marks, by)
    return register


def frame_of(number, clocks):
    now = datetime(2026, 3, number, 2, tzinfo=UTC)
    frame = Frame(load_default(), ZoneInfo("Asia/Shanghai"), now, number)
    return Register("i", clocks, frame)


def apply(register, marks, by=None):
    step = Step(None, marks=[Mark("node", "1", "licence", one) for one in marks])
    Clocking(register, SERVICE, step, {}, by, lambda: ITEMS).run()


def kinds(register, name=NAME):
    return [entry.kind for entry in register.clocks[name].entries]


def test_two_parallel_procedures_pause_once_each_and_the_clock_goes_on_after_the_last():
    notice = {"item": "licence", "clock.exclude": "handling", "clock.reason": "公告"}
    survey = {"item": "licence", "clock.exclude": "handling", "clock.reason": "评估"}
    over = {"item": "licence", "clock.resume": "handling"}

    between = after([BEGIN], [notice], [survey], [over | {"clock.reason": "公告"}])
    register = after(
        [BEGIN],
        [notice],
        [survey],
        [over | {"clock.reason": "公告"}],
        [over | {"clock.reason": "评估"}],
    )

    assert (between.clocks[NAME].state, register.clocks[NAME].state) == ("paused", "running")
    assert kinds(register) == ["start", "exclusion", "exclusion", "resume", "resume"]


def test_a_resumption_of_what_is_not_paused_does_nothing():
    register = after([BEGIN], [{"item": "licence", "clock.resume": "handling"}])

    assert kinds(register) == ["start"]


def test_an_extension_names_who_completed_its_task_as_the_approver():
    extend = {"item": "licence", "clock.extend": "WD(5)", "clock.reason": "案情复杂"}

    register = after([BEGIN], [extend], by="head")

    assert register.clocks[NAME].entries[-1].approver == "head"


def test_a_second_extension_by_a_diagram_is_refused():
    extend = {"item": "licence", "clock.extend": "WD(5)", "clock.reason": "案情复杂"}

    with pytest.raises(Conflict, match="the law allows it once"):
        after([BEGIN], [extend], [extend])


def test_a_second_supplement_notice_with_a_supervisors_reason_stands_with_it():
    notice = {"clock.start": "supplement", "clock.limit": "WD(15)", "clock.reason": "补正"}
    again = notice | {"clock.approver": "督查", "clock.approval": "新发现的情形"}

    register = after([notice], [{"clock.stop": "supplement"}], [again])

    entry = register.clocks["supplement#2"].entries[0]
    assert (entry.approver, entry.reason) == ("督查", "新发现的情形")


def test_another_department_may_ask_for_a_supplement_too():
    notice = {"clock.start": "supplement", "clock.limit": "WD(15)"}

    register = after([notice | {"clock.item": "licence"}, notice | {"clock.item": "register"}])

    found = Counter(one.department for one in register.clocks.values())
    assert found == {"civil": 1, "police": 1}


def test_a_node_that_says_which_clocks_start_starts_none_by_itself():
    register = after([BEGIN | {"clock.start": ""}])

    assert register.clocks == {}


def test_an_item_that_was_not_applied_for_has_no_clock():
    register = after([{"item": "other", "item.state": "in_progress"}])

    assert register.clocks == {}


@pytest.mark.parametrize(
    "properties",
    [
        {"clock.stop": "recption"},
        {"clock.start": "reception", "clock.limit": "soon"},
        {"clock.start": "reception", "clock.limit": "WD(5)", "clock.since": "yesterday"},
    ],
)
def test_a_mark_that_makes_no_sense_is_refused(properties):
    with pytest.raises(InvalidInput):
        after([properties])


MARKS = st.fixed_dictionaries(
    {},
    optional={
        "item": st.sampled_from(["licence", "register"]),
        "item.state": st.sampled_from(["in_progress", "granted", "denied"]),
        "case.state": st.sampled_from(["ACCEPTED", "SUSPENDED", "CLOSED"]),
        "clock.start": st.sampled_from(["reception", "notice", "cooling-off", "handling"]),
        "clock.limit": st.sampled_from(["WD(5)", "ND(30)", "PN(10)"]),
        "clock.pause": st.sampled_from(["handling", "notice,handling"]),
        "clock.exclude": st.just("handling"),
        "clock.resume": st.sampled_from(["handling", "notice,handling"]),
        "clock.extend": st.sampled_from(["WD(5)", "ND(3)"]),
        "clock.stop": st.sampled_from(["reception", "notice"]),
        "clock.expire": st.sampled_from(["reception", "cooling-off"]),
        "clock.deem": st.just("reception"),
        "clock.reason": st.sampled_from(["公告", "评估", ""]),
    },
)


@given(st.lists(st.lists(MARKS, max_size=3), max_size=20))
def test_whatever_marks_come_the_history_folds_to_the_clocks(steps):
    clocks, told = {}, {}
    for number, marks in enumerate(steps, start=1):
        register = frame_of(number, clocks.values())
        try:
            apply(register, marks, "clerk")
        except OnethingError:
            continue  # the command was refused: nothing of it is written
        clocks = register.clocks
        version = register.frame.calendar.version
        told = fold("i", told, effects(register), sequence=number, calendar_version=version)

    assert told == clocks
    assert all(one.ended_at is None for one in clocks.values() if one.is_open)
    assert all(one.state in {"running", "paused"} for one in clocks.values() if not one.ended_at)


@pytest.mark.parametrize(
    ("limit", "due_at"),
    [
        ("WH(4)", datetime(2026, 3, 2, 7, 30, tzinfo=UTC)),  # 10:00 to 12:00, 13:30 to 15:30
        ("WM(30)", datetime(2026, 3, 2, 2, 30, tzinfo=UTC)),
        ("WH(8)", datetime(2026, 3, 3, 3, 30, tzinfo=UTC)),  # 5.5 hours are left of the day
    ],
)
def test_a_limit_in_office_hours_starts_a_clock(limit, due_at):
    begin = {"clock.start": "collection", "clock.limit": limit}

    register = after([], [begin])

    clock = register.clocks["collection"]
    assert (clock.statutory_due_at, clock.provisional) == (due_at, False)


def test_office_hours_are_not_extended():
    register = after([], [{"clock.start": "collection", "clock.limit": "WH(4)"}])

    with pytest.raises(ClockRefused, match="counts office hours"):
        register.extend("collection", "WD(1)", Why("案情复杂", "head"))


def test_a_case_with_an_item_in_office_hours_promises_its_slowest_item():
    begin = {"clock.start": "handling", "item": "licence"}
    quick = replace(SERVICE, items=(replace(SERVICE.items[0], promised="WH(4)", statutory=None),))
    register = frame_of(2, ())
    step = Step(None, marks=[Mark("node", "1", "licence", begin)])

    Clocking(register, quick, step, {}, None, lambda: ITEMS).run()

    assert register.clocks["handling"].promised_due_at == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def test_hours_on_the_wall_start_no_legal_clock():
    with pytest.raises(InvalidInput):
        after([{"clock.start": "collection", "clock.limit": "PT4H"}])
