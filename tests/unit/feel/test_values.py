from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething import feel
from onething.errors import ExpressionError
from onething.feel.temporal import Date, day_from_ordinal
from onething.feel.temporal_text import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ("false or null", None),
        ('1 = "1"', None),
        ("null = null", True),
        ("1 = null", False),
        ("[1, 2] = [1, 2]", True),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ('1 < "a"', None),
        ('@"10:00:00Z" = @"18:00:00+08:00"', True),
        ("1 in (null..2]", None),
    ],
)
def test_logic_has_three_values(value_of, text, expected):
    assert value_of(text) is expected


def test_numbers_are_decimals_of_34_digits(value_of):
    assert value_of("0.1 + 0.2") == Decimal("0.3")
    assert value_of("1 / 3") == Decimal("0.3333333333333333333333333333333333")


@pytest.mark.parametrize("text", ["1 / 0", '1 + "a"', "nothing here", "[1][5]", "sqrt(-1)"])
def test_what_has_no_value_gives_null_with_a_warning(env, text):
    value = feel.compile(text).evaluate({}, env)

    assert value is None
    assert env.warnings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2024-01-31") + duration("P1M")', "2024-02-29"),
        ('date("2024-03-31") - duration("P1M")', "2024-02-29"),
        ('date("2024-03-01") - date("2024-02-01")', "P29D"),
        ('time("23:30:00") + duration("PT1H")', "00:30:00"),
        ('date and time("2026-01-01T00:00:00Z") - duration("PT1S")', "2025-12-31T23:59:59Z"),
        ('date and time("2026-01-01T24:00:00")', "2026-01-02T00:00:00"),
        ('duration("P1DT12H") * 2', "P3D"),
        ('duration("P1Y") / duration("P1M")', "12"),
        ('date("-0044-03-15").year', "-44"),
        ('date("2026-11-23").weekday', "1"),
        ('date and time("2026-07-01T08:00:00@Europe/Paris").time offset', "PT2H"),
        ('years and months duration(date("2024-02-29"), date("2025-02-28"))', "P11M"),
        ("now()", "2026-11-23T10:30:00@Asia/Shanghai"),
        ("today()", "2026-11-23"),
    ],
)
def test_dates_times_and_durations_calculate(text_of, text, expected):
    assert text_of(text) == expected


@given(st.integers(-400_000_000, 400_000_000))
def test_a_day_counted_from_the_epoch_and_back_is_the_same_day(ordinal):
    day = day_from_ordinal(ordinal)

    assert day.ordinal == ordinal
    assert parse_date(str(day)) == day


@given(st.dates())
def test_days_count_as_pythons_own_calendar_does(day):
    ours = Date(day.year, day.month, day.day)

    assert ours.weekday == day.isoweekday()
    assert ours.week_of_year == day.isocalendar().week
    assert ours.day_of_year == day.timetuple().tm_yday


def test_values_become_json_with_iso_texts(value_of):
    value = value_of(
        '{on: date("2026-11-23"), after: duration("P3D"), n: 1.50, list: [true, null]}'
    )

    assert feel.to_json(value) == {
        "on": "2026-11-23",
        "after": "P3D",
        "n": Decimal("1.50"),
        "list": [True, None],
    }


def test_a_function_cannot_become_a_variable(value_of):
    with pytest.raises(ExpressionError):
        feel.to_json(value_of("function(a) a"))


def test_python_data_become_feel_values():
    value = feel.from_json({"a": 0.1, "b": (1, 2)})

    assert value == {"a": Decimal("0.1"), "b": [1, 2]}
