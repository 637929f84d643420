from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from onething.calendar import due, due_at, load_default, parse_limit, parse_notice
from onething.errors import CalendarError

CALENDAR = load_default()
ZONE = ZoneInfo("Asia/Shanghai")


def over(start, limit, calendar=CALENDAR, pauses=()):
    begun = datetime.fromisoformat(start).replace(tzinfo=ZONE)
    ended = due_at(begun, parse_limit(limit), calendar, ZONE, pauses)
    assert ended.tzinfo is UTC
    return ended.astimezone(ZONE).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-03-02T09:00", "WM(30)", "03-02 09:30"),
        ("2026-03-02T11:45", "WM(30)", "03-02 13:45"),
        ("2026-03-02T12:30", "WM30", "03-02 14:00"),
        ("2026-03-02T08:00", "WH(3)", "03-02 12:00"),
        ("2026-03-02T10:00", "WH(4)", "03-02 15:30"),
        ("2026-03-06T16:00", "WH(4)", "03-09 12:00"),
        ("2026-02-13T16:30", "WH(1)", "02-14 09:30"),
        ("2026-02-14T16:30", "WH(1)", "02-24 09:30"),
        ("2026-03-01T10:00", "WM(1)", "03-02 09:01"),
        ("2026-03-02T10:00", "WM(0)", "03-02 10:00"),
    ],
)
def test_hours_run_while_offices_work(start, limit, expected):
    assert over(start, limit) == expected


def test_days_of_a_pause_have_no_hours():
    paused = [(date(2026, 3, 3), date(2026, 3, 4))]

    assert over("2026-03-02T16:30", "WH(1)", pauses=paused) == "03-05 09:30"


def test_a_notice_may_say_other_hours():
    text = 'jurisdiction = "CN"\nyear = 2026\nsource = "test"\nhours = ["08:00-10:00"]\n'
    local = CALENDAR.replaced(parse_notice(text, "a.toml"))

    assert over("2026-03-02T09:30", "WH(1)", local) == "03-03 08:30"
    assert local.version != CALENDAR.version


@pytest.mark.parametrize("hours", ['["12:00-09:00"]', '["09:00-12:00", "11:00-13:00"]', '["9"]'])
def test_hours_that_are_reversed_or_overlap_are_refused(hours):
    text = f'jurisdiction = "CN"\nyear = 2026\nsource = "test"\nhours = {hours}\n'

    with pytest.raises(CalendarError):
        parse_notice(text, "a.toml")


def test_hours_are_counted_from_an_instant_and_not_from_a_day():
    with pytest.raises(CalendarError, match="office hours"):
        due(date(2026, 3, 2), parse_limit("WH(4)"), CALENDAR)
