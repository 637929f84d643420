from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.calendar import due, due_at, explain, load_default, parse_limit
from onething.errors import CalendarError

CALENDAR = load_default()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def due_on(start, limit, *pauses):
    periods = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in pauses]
    return str(due(date.fromisoformat(start), parse_limit(limit), CALENDAR, periods).on)


@pytest.mark.parametrize(
    ("case", "start", "limit", "expected"),
    [
        ("T13", "2026-02-13", "WD(1)", "2026-02-14"),
        ("T13", "2026-02-13", "WD(5)", "2026-02-27"),
        ("T15", "2024-02-08", "WD(1)", "2024-02-09"),
        ("T15", "2024-02-08", "WD(5)", "2024-02-21"),
        ("T17", "2026-09-18", "WD(2)", "2026-09-21"),
        ("T17", "2026-09-30", "WD(5)", "2026-10-13"),
        ("T19", "2026-03-02", "WD(10)", "2026-03-16"),
        ("T32", "2025-05-12", "ND(30)", "2025-06-11"),
        ("T32", "2025-06-11", "ND(30)", "2025-07-11"),
        ("T33", "2025-09-01", "ND(30)", "2025-10-09"),
        ("T33", "2025-10-09", "ND(30)", "2025-11-10"),
        ("T65", "2026-02-12", "WD(3)", "2026-02-24"),
        ("T65", "2026-02-24", "WD(10)", "2026-03-09"),
        ("T65", "2026-03-09", "WD(3)", "2026-03-12"),
        ("T72", "2026-01-05", "WD(3)", "2026-01-08"),
        ("T72", "2026-01-05", "WD(30)", "2026-02-14"),
        ("T72", "2026-01-05", "WD(45)", "2026-03-13"),
        ("T82", "2026-04-30", "WD(1)", "2026-05-06"),
        ("T82", "2026-04-30", "WD(15)", "2026-05-25"),
    ],
)
def test_the_due_date_is_that_of_the_domain_report(case, start, limit, expected):
    assert due_on(start, limit) == expected, case


def test_days_of_a_pause_do_not_count_both_ends_included():
    # T19
    assert due_on("2026-03-02", "WD(10)", ("2026-03-06", "2026-03-16")) == "2026-03-25"


def test_a_natural_day_period_is_longer_by_the_days_of_its_pause():
    assert due_on("2026-03-02", "ND(30)", ("2026-03-10", "2026-03-12")) == "2026-04-07"


def test_pauses_that_overlap_are_counted_once():
    overlapping = [("2026-03-06", "2026-03-12"), ("2026-03-10", "2026-03-16")]

    assert due_on("2026-03-02", "WD(10)", *overlapping) == "2026-03-25"


def test_a_natural_day_period_does_not_roll_off_a_make_up_sunday():
    # 2026-09-20 is a Sunday on which offices work.
    assert due_on("2026-09-10", "ND(10)") == "2026-09-20"


def test_a_public_notice_ends_on_its_last_full_day_even_on_a_day_of_rest():
    assert due_on("2026-08-02", "PN(60)") == "2026-10-01"


def test_a_limit_of_no_days_ends_on_the_day_itself():
    assert due_on("2026-03-02", "WD(0)") == "2026-03-02"


def test_the_period_is_over_with_the_first_instant_of_the_next_day_in_the_legal_zone():
    received = datetime(2026, 2, 13, 2, 0, tzinfo=UTC)

    over = due_at(received, parse_limit("WD(1)"), CALENDAR, SHANGHAI)

    assert over == datetime(2026, 2, 15, tzinfo=SHANGHAI)
    assert over.tzinfo is UTC


def test_the_day_of_the_event_is_the_day_in_the_legal_zone():
    # 17:00 UTC on the 12th is already the 13th in Shanghai.
    received = datetime(2026, 2, 12, 17, 0, tzinfo=UTC)

    over = due_at(received, parse_limit("WD(1)"), CALENDAR, SHANGHAI)

    assert over == datetime(2026, 2, 15, tzinfo=SHANGHAI)


def test_after_a_public_notice_the_next_step_begins_on_a_working_day():
    published = datetime(2026, 8, 2, 9, 0, tzinfo=SHANGHAI)

    over = due_at(published, parse_limit("PN(60)"), CALENDAR, SHANGHAI)

    assert over == datetime(2026, 10, 8, tzinfo=SHANGHAI)


def test_a_period_that_reaches_a_year_without_notice_is_provisional():
    within = due(date(2026, 12, 1), parse_limit("WD(5)"), CALENDAR)
    beyond = due(date(2026, 12, 30), parse_limit("WD(5)"), CALENDAR)

    assert not within.provisional
    assert beyond.provisional
    assert beyond.on == date(2027, 1, 6)


@pytest.mark.parametrize(
    "text",
    ["WD(-1)", "ND", "", "XY(3)", "WD(3.5)", "WD(９)", "ND(3661)", "WD(999999999)", "WD(3"],
)
def test_a_limit_that_cannot_be_read_or_is_too_long_is_refused(text):
    with pytest.raises(CalendarError):
        parse_limit(text)


def test_a_limit_is_read_with_and_without_brackets():
    assert parse_limit("WD5") == parse_limit("WD(5)")
    assert str(parse_limit(" PN(60) ")) == "PN(60)"


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(CalendarError, match="pause"):
        due_on("2026-03-02", "WD(1)", ("2026-03-05", "2026-03-04"))


def test_an_instant_without_zone_is_refused():
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 - a naive instant is the point

    with pytest.raises(CalendarError, match="zone"):
        due_at(naive, parse_limit("WD(1)"), CALENDAR, SHANGHAI)


def test_a_due_date_beyond_the_last_year_is_refused():
    with pytest.raises(CalendarError):
        due(date(9999, 12, 30), parse_limit("WD(5)"), CALENDAR)
    with pytest.raises(CalendarError):
        due(date(9999, 12, 30), parse_limit("ND(5)"), CALENDAR)


def test_a_due_date_explains_itself_day_by_day():
    days = explain(
        date(2026, 2, 12),
        parse_limit("WD(3)"),
        CALENDAR,
        [(date(2026, 2, 13), date(2026, 2, 13))],
    )

    told = {day.on.isoformat(): (day.number, day.kind, day.holiday, day.paused) for day in days}
    assert told["2026-02-13"] == (None, "working", "", True)
    assert told["2026-02-14"] == (1, "make-up", "春节", False)
    assert told["2026-02-15"] == (None, "holiday", "春节", False)
    assert told["2026-02-24"] == (2, "working", "", False)
    assert days[-1].on == date(2026, 2, 25)
    assert days[-1].number == 3


@given(start=st.dates(date(2024, 1, 1), date(2026, 6, 1)), n=st.integers(1, 120))
def test_the_last_explained_day_is_the_due_date_and_every_day_was_counted(start, n):
    limit = parse_limit(f"WD({n})")

    days = explain(start, limit, CALENDAR)

    assert days[-1].on == due(start, limit, CALENDAR).on
    assert [day.number for day in days if day.number] == list(range(1, n + 1))
