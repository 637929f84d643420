from datetime import date, timedelta

import chinese_calendar
import pytest

from onething.calendar import load, load_default, load_versions
from onething.errors import CalendarError

CALENDAR = load_default()

NOTICE = """
jurisdiction = "CN-37"
year = 2026
notice = "鲁政办发〔2026〕1号"
[[holidays]]
name = "地方假日"
first = 2026-03-02
last = 2026-03-02
make_up = [2026-03-01]
"""


def every_day(year):
    return (date(year, 1, 1) + timedelta(days=n) for n in range(366) if n < 365 or year % 4 == 0)


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_agrees_with_an_independent_calendar(year):
    for day in every_day(year):
        assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day), day


@pytest.mark.parametrize(("year", "expected"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_its_notice_gives(year, expected):
    assert sum(CALENDAR.is_working_day(day) for day in every_day(year)) == expected


def test_a_day_tells_its_kind_and_the_holiday_it_belongs_to():
    assert CALENDAR.kind(date(2026, 2, 17)) == ("holiday", "春节")
    assert CALENDAR.kind(date(2026, 2, 14)) == ("make-up", "春节")
    assert CALENDAR.kind(date(2026, 3, 1)) == ("weekend", "")
    assert CALENDAR.kind(date(2026, 3, 2)) == ("working", "")


def test_a_year_tells_the_notice_it_follows():
    assert CALENDAR.notice(2026) == "国办发明电〔2025〕7号"
    assert CALENDAR.has_year(2026)
    assert not CALENDAR.has_year(2027)


def test_a_year_whose_notice_is_not_at_hand_names_its_source_and_no_number():
    sourced = [one for one in CALENDAR.notices if not one.number]

    assert [one.year for one in sourced] == list(range(2004, 2024))
    assert {one.source for one in sourced} == {"chinesecalendar"}


def test_what_was_counted_before_the_years_were_added_can_be_counted_again():
    assert all(stage.has_year(2024) for stage in load_versions().values())
    assert sum(not stage.has_year(2023) for stage in load_versions().values()) == 3


def test_a_year_without_notice_knows_weekends_only():
    assert not CALENDAR.is_working_day(date(2027, 1, 2))
    assert CALENDAR.is_working_day(date(2027, 1, 1))


def test_the_notice_of_the_next_year_is_missed_from_december_on():
    assert CALENDAR.missing_year(date(2026, 11, 30)) is None
    assert CALENDAR.missing_year(date(2026, 12, 1)) == 2027
    assert CALENDAR.missing_year(date(2027, 3, 1)) == 2027


def test_an_unknown_jurisdiction_is_refused():
    with pytest.raises(CalendarError, match="FR"):
        CALENDAR.is_working_day(date(2026, 1, 1), "FR")


def test_a_finer_jurisdiction_adds_its_own_days_to_those_of_the_wider(tmp_path):
    (tmp_path / "CN.toml").write_text(
        NOTICE.replace("CN-37", "CN")
        .replace("2026-03-02", "2026-04-02")
        .replace("2026-03-01", "2026-04-05"),
        encoding="utf-8",
    )
    (tmp_path / "CN-37.toml").write_text(NOTICE, encoding="utf-8")

    local = load(tmp_path)

    assert not local.is_working_day(date(2026, 3, 2), "CN-37")
    assert not local.is_working_day(date(2026, 4, 2), "CN-37")
    assert local.is_working_day(date(2026, 3, 2), "CN")


def test_the_version_changes_with_any_day(tmp_path):
    (tmp_path / "a.toml").write_text(NOTICE, encoding="utf-8")
    before = load(tmp_path).version

    (tmp_path / "a.toml").write_text(NOTICE.replace("2026-03-01", "2026-03-07"), encoding="utf-8")

    assert load(tmp_path).version != before


@pytest.mark.parametrize(
    "broken",
    [
        "year = ",
        NOTICE.replace("holidays", "feasts"),
        NOTICE.replace("last = 2026-03-02", "last = 2026-02-02"),
        NOTICE.replace("[2026-03-01]", "[2026-03-02]"),
        NOTICE.replace("[2026-03-01]", '["2026-03-01"]'),
    ],
)
def test_a_file_that_is_no_notice_is_refused_by_name(tmp_path, broken):
    (tmp_path / "broken.toml").write_text(broken, encoding="utf-8")

    with pytest.raises(CalendarError, match=r"broken\.toml"):
        load(tmp_path)


def test_two_notices_of_one_year_are_refused(tmp_path):
    (tmp_path / "a.toml").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "b.toml").write_text(NOTICE, encoding="utf-8")

    with pytest.raises(CalendarError, match="two notices"):
        load(tmp_path)


def test_an_office_serves_on_working_days_and_where_a_notice_says_so(tmp_path):
    told = '[[service]]\noffice = "marriage"\nopen = [2026-03-02]\nclosed = [2026-03-04]\n'
    (tmp_path / "a.toml").write_text(NOTICE + told, encoding="utf-8")

    local = load(tmp_path)

    assert local.is_service_day(date(2026, 3, 2), "marriage", "CN-37")
    assert not local.is_service_day(date(2026, 3, 2), "adoption", "CN-37")
    assert not local.is_service_day(date(2026, 3, 4), "marriage", "CN-37")
    assert local.is_service_day(date(2026, 3, 1), "marriage", "CN-37")
    assert not local.is_working_day(date(2026, 3, 2), "CN-37")
