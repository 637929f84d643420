"""Supervisors pause, resume and extend clocks; what makes no sense is refused."""

from datetime import date

import pytest

from onething import notices, runtime
from onething.errors import (
    CalendarError,
    ClockRefused,
    InvalidInput,
    NotAllowed,
    NotFound,
)
from onething.identity import SYSTEM, Actor
from onething.runtime import Extension, Pause, Resume
from onething.runtime.sealing import CaseSeal
from unit.clocks.node import CLERK, SUPERVISOR

LICENCE = "handling.licence"
ARTICLE = "行政许可法 第四十五条"


@pytest.fixture(autouse=True)
def every_case_replays_to_its_clocks(february):
    yield
    assert [one.problem for one in runtime.replay_all(february.host) if not one.is_clean] == []


def pause(node, case_no, clock_id=LICENCE, actor=SUPERVISOR, **options):
    key = options.pop("key", None)
    given = {"reason": "听证", "basis": ARTICLE, "needs": "ND(10)"} | options
    return runtime.move_clock(node.host, actor, case_no, Pause(clock_id, **given), key=key)


def resume(node, case_no):
    return runtime.move_clock(node.host, SUPERVISOR, case_no, Resume(LICENCE))


def extend(node, case_no, **options):
    given = {"limit": "WD(5)", "reason": "案情复杂", "basis": "行政许可法 第四十二条"} | options
    return runtime.move_clock(node.host, SUPERVISOR, case_no, Extension(LICENCE, **given))


def told(node, case_no):
    """Return the bodies of the applicant's notices, newest first."""
    with node.host.database.read() as conn:
        (case_key, found) = (
            node.host.keys.of_case(conn, node.instance(case_no)),
            notices.of_case(conn, node.instance(case_no)),
        )
    return [CaseSeal(case_key).open(one.sealed)["body"] for one in found]


def test_t19_a_supervisor_pauses_and_resumes_a_clock(node):
    case_no = node.accepted()
    node.go_to("2026-03-06")
    pause(node, case_no)
    node.go_to("2026-03-16")

    resume(node, case_no)

    assert node.last_day(case_no) == date(2026, 3, 25)
    entries = node.clocks(case_no)[LICENCE].entries
    assert [(one.kind, one.approver) for one in entries[1:]] == [
        ("pause", "head"),
        ("resume", "head"),
    ]


def test_a_hearing_of_last_week_is_entered_afterwards(node):
    case_no = node.accepted()
    node.go_to("2026-03-18")

    pause(node, case_no, first=date(2026, 3, 6), last=date(2026, 3, 16))

    assert node.clocks(case_no)[LICENCE].state == "running"
    assert node.last_day(case_no) == date(2026, 3, 25)


def test_a_paused_item_pauses_the_promise_of_the_case_and_moves_it(node):
    case_no = node.accepted()
    node.go_to("2026-03-06")
    pause(node, case_no)
    paused = node.clocks(case_no)["handling"].state
    node.go_to("2026-03-16")

    resume(node, case_no)

    assert (paused, node.clocks(case_no)["handling"].state) == ("paused", "running")
    assert node.last_day(case_no, "handling") == date(2026, 3, 30)


def test_a_request_that_is_repeated_under_its_key_pauses_once(node):
    case_no = node.accepted()
    first = pause(node, case_no, key="a")

    again = pause(node, case_no, key="a")

    assert (again.sequence, again.repeated) == (first.sequence, True)
    assert len(node.clocks(case_no)[LICENCE].entries) == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"first": date(2026, 3, 19)}, "in the future"),
        ({"first": date(2026, 3, 17), "last": date(2026, 3, 20)}, "lies in the future"),
        ({"first": date(2026, 3, 17), "last": date(2026, 3, 16)}, "ends before it begins"),
        ({"first": date(2026, 3, 10), "last": date(2026, 3, 12)}, "paused on these days already"),
        ({"first": date(2026, 2, 27), "last": date(2026, 3, 3)}, "began on 2026-03-02"),
        ({"clock_id": "handling"}, "follows those of its items"),
        ({"clock_id": "notice"}, "has no clock notice"),
    ],
)
def test_a_pause_that_makes_no_sense_is_refused(node, options, told):
    case_no = node.accepted()
    node.go_to("2026-03-18")
    pause(node, case_no, first=date(2026, 3, 6), last=date(2026, 3, 10))
    before = node.clocks(case_no)

    with pytest.raises(ClockRefused, match=told):
        pause(node, case_no, **options)

    assert node.clocks(case_no) == before


def test_a_resumption_without_a_pause_is_refused(node):
    case_no = node.accepted()

    with pytest.raises(ClockRefused, match="is not paused"):
        resume(node, case_no)


def test_a_clerk_pauses_no_clock(node):
    case_no = node.accepted()

    with pytest.raises(NotAllowed):
        pause(node, case_no, actor=CLERK)


@pytest.mark.parametrize("missing", ["reason", "basis", "needs"])
def test_a_pause_needs_its_reason_its_article_and_its_length(node, missing):
    case_no = node.accepted()

    with pytest.raises(InvalidInput):
        pause(node, case_no, **{missing: " "})


def test_a_case_that_is_not_theirs_does_not_exist(node):
    with pytest.raises(NotFound):
        pause(node, "L000000000000000000000000")


def test_an_extension_moves_both_limits_and_is_told_in_writing(node):
    case_no = node.accepted()

    extend(node, case_no)

    with node.host.database.read() as conn:
        (notice,) = notices.of_case(conn, node.instance(case_no))
    assert notice.template == "extension-notice"
    assert node.last_day(case_no) == date(2026, 3, 23)
    entry = node.clocks(case_no)[LICENCE].entries[-1]
    assert (entry.kind, entry.limit, entry.approver) == ("extension", "WD(5)", "head")


def test_a_second_extension_is_refused_and_nothing_changes(node):
    case_no = node.accepted()
    extend(node, case_no)
    before = node.clocks(case_no)

    with pytest.raises(ClockRefused, match="the law allows it once"):
        extend(node, case_no)

    assert node.clocks(case_no) == before


@pytest.mark.parametrize("limit", ["WD(-1)", "WD(99999)", "5 days"])
def test_an_extension_by_what_is_no_limit_is_refused(node, limit):
    case_no = node.accepted()

    with pytest.raises(CalendarError):
        extend(node, case_no, limit=limit)


@pytest.mark.parametrize("limit", ["", "WH(4)"])
def test_an_extension_is_counted_in_days(node, limit):
    case_no = node.accepted()

    with pytest.raises(InvalidInput):
        extend(node, case_no, limit=limit)


def test_an_extension_of_a_stopped_clock_is_refused(node):
    case_no = node.accepted()
    node.decide(case_no, "grant")

    with pytest.raises(ClockRefused, match="has ended"):
        extend(node, case_no)


def test_a_clock_that_limits_no_decision_is_as_long_as_the_law_says(node):
    case_no = node.apply()

    with pytest.raises(ClockRefused, match="as long as the law says"):
        pause(node, case_no, clock_id="reception", actor=SYSTEM)


def test_another_departments_supervisor_moves_no_clock(node):
    case_no = node.accepted()
    node.decide(case_no, "grant")
    other = Actor("other", "他", frozenset({"supervisor"}), "police", None, "370502")

    with pytest.raises(NotAllowed):
        pause(node, case_no, actor=other)


def test_the_applicant_is_told_how_long_a_pause_takes_and_that_it_is_over(node):
    case_no = node.accepted()
    pause(node, case_no)

    resume(node, case_no)

    assert told(node, case_no) == [["听证已结束，恢复办理。"], ["需要进行听证，所需时间为10日。"]]


def test_a_preview_says_the_new_due_day_and_changes_nothing(node):
    case_no = node.accepted()
    before, events = node.clocks(case_no), len(node.events(case_no))
    move = Extension(LICENCE, "WD(5)", "案情复杂", "行政许可法 第四十二条")

    preview = runtime.preview_move(node.host, SUPERVISOR, case_no, move)

    assert preview.before.legs[0].due_on == date(2026, 3, 16)
    assert preview.after.legs[0].due_on == date(2026, 3, 23)
    assert (node.clocks(case_no), len(node.events(case_no))) == (before, events)


def test_a_preview_of_a_pause_takes_it_to_last_as_long_as_it_needs(node):
    case_no = node.accepted()
    move = Pause(LICENCE, "听证", ARTICLE, needs="ND(14)")

    preview = runtime.preview_move(node.host, SUPERVISOR, case_no, move)

    assert preview.after.legs[0].due_on == date(2026, 3, 30)


def test_what_would_be_refused_is_refused_in_a_preview_too(node):
    case_no = node.accepted()

    with pytest.raises(ClockRefused, match="is not paused"):
        runtime.preview_move(node.host, SUPERVISOR, case_no, Resume(LICENCE))
