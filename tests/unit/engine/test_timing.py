from datetime import UTC, datetime

import pytest

from onething import calendar, engine
from onething.engine import timing
from onething.errors import ExpressionError

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # Monday 09:30 in Shanghai
CONTEXT = engine.Context(now=NOW, calendar=calendar.load_default())


def utc(day, hour=0, minute=0, month=3, second=0):
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT90M", utc(2, 3)),
        ("P1DT0.5S", datetime(2026, 3, 3, 1, 30, 0, 500_000, tzinfo=UTC)),
        ("P2W", utc(16, 1, 30)),
        ("P1M", utc(2, 1, 30, month=4)),
        ("2026-03-05", utc(4, 16)),
        ("2026-03-05T12:00:00", utc(5, 4)),
        ("2026-03-05T12:00:00Z", utc(5, 12)),
        ("2026-03-05T12:00:00+08:00[Asia/Shanghai]", utc(5, 4)),
        ("WD(1)", utc(3, 16)),
        ("WD5", utc(9, 16)),
        ("ND(3)", utc(5, 16)),
        ("0 0 16 * * ?", utc(2, 8)),
        ("0 9 * * MON", utc(9, 1)),
        ("0 0/15 10 * * ?", utc(2, 2)),
        ("0 0 0 L * ?", utc(30, 16)),
        ("@daily", utc(2, 16)),
    ],
)
def test_a_time_text_is_due_at_one_instant(text, due):
    assert timing.first(text, CONTEXT).at == due


@pytest.mark.parametrize(
    ("text", "rounds"),
    [("R3/PT1H", 3), ("R1/PT1H", 1), ("R2/2026-03-03T00:00:00Z/PT1H", 2)],
)
def test_a_cycle_comes_as_often_as_it_says(text, rounds):
    due = timing.first(text, CONTEXT)
    at, left, count = due.at, due.left, 1

    while (again := timing.following(text, timing.text(at), left, CONTEXT)) is not None:
        at, left = again
        count += 1

    assert count == rounds


def test_a_cycle_without_count_never_ends():
    assert timing.first("R/PT1H", CONTEXT).left == timing.ENDLESS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "P",
        "PT",
        "R3",
        "R/PT0S",
        "0 0 25 * * ?",
        "0 0 0 30 2 ?",
        "2026-13-01",
        "P99999Y",
    ],
)
def test_a_text_that_is_no_time_is_refused(text):
    with pytest.raises(ExpressionError):
        timing.first(timing.spoken(text, "the timer"), CONTEXT)


def test_a_month_is_added_in_the_legal_zone_and_stays_in_its_month():
    start = datetime(2026, 1, 30, 17, tzinfo=UTC)  # 31 January in Shanghai

    due = timing.shift(start, "P1M", CONTEXT)

    assert due == datetime(2026, 2, 27, 17, tzinfo=UTC)  # 28 February there
