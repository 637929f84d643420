"""The ledger counts days as the law does and can say why."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from onething.calendar import load_default
from onething.clocks import Entry, Ledger
from onething.errors import CalendarError

ZONE = ZoneInfo("Asia/Shanghai")


def entry(number, kind, first, last=None, **more):
    return Entry(number, kind, date.fromisoformat(first), last and date.fromisoformat(last), **more)


def accepted(limit, *entries):
    started = entry(1, "start", "2026-03-02")
    return Ledger(date(2026, 3, 2), limit, (started, *entries))


def test_t19_a_promise_of_ten_working_days_without_pause_ends_on_16_march():
    ledger = accepted("WD(10)")

    due = ledger.due(load_default())

    assert (due.on, due.provisional) == (date(2026, 3, 16), False)


def test_t19_a_pause_of_known_days_moves_the_promise_to_25_march():
    ledger = accepted("WD(10)", entry(2, "exclusion", "2026-03-06", "2026-03-16"))

    assert ledger.due(load_default()).on == date(2026, 3, 25)


def test_t19_a_pause_lasts_up_to_the_day_before_the_first_that_counts_again():
    ledger = accepted("WD(10)", entry(2, "pause", "2026-03-06"), entry(3, "resume", "2026-03-17"))

    assert ledger.pauses() == [(date(2026, 3, 6), date(2026, 3, 16))]
    assert ledger.due(load_default()).on == date(2026, 3, 25)


def test_a_pause_of_no_day_costs_none():
    ledger = accepted("WD(10)", entry(2, "pause", "2026-03-06"), entry(3, "resume", "2026-03-06"))

    assert ledger.pauses() == []
    assert ledger.due(load_default()).on == date(2026, 3, 16)


def test_an_open_pause_lasts_up_to_today():
    ledger = accepted("WD(10)", entry(2, "pause", "2026-03-06"))

    assert ledger.pauses(date(2026, 3, 9)) == [(date(2026, 3, 6), date(2026, 3, 9))]
    assert ledger.due(load_default(), today=date(2026, 3, 9)).on == date(2026, 3, 18)


def test_two_pauses_at_once_count_their_days_once_and_each_ends_by_its_reason():
    ledger = accepted(
        "WD(10)",
        entry(2, "pause", "2026-03-06", reason="公告"),
        entry(3, "exclusion", "2026-03-10", reason="评估"),
        entry(4, "resume", "2026-03-13", reason="公告"),
        entry(5, "resume", "2026-03-17", reason="评估"),
    )

    assert ledger.due(load_default()).on == date(2026, 3, 25)
    assert ledger.open_pauses == []


def test_an_extension_of_the_same_kind_lengthens_the_limit_itself():
    ledger = Ledger(
        date(2026, 1, 5), "WD(30)", (entry(1, "extension", "2026-02-10", limit="WD(15)"),)
    )

    assert [str(one) for one in ledger.parts] == ["WD(45)"]


def test_t72_the_survey_of_5_january_is_decided_by_14_february():
    ledger = Ledger(date(2026, 1, 5), "WD(30)")

    assert ledger.due(load_default()).on == date(2026, 2, 14)


def test_an_extension_of_another_kind_follows_the_limit():
    ledger = accepted("WD(10)", entry(2, "extension", "2026-03-10", limit="ND(10)"))

    assert ledger.due(load_default()).on == date(2026, 3, 26)


def test_limits_in_a_row_begin_where_the_one_before_ends():
    ledger = accepted("WD(10)+WD(1)")

    assert ledger.due(load_default()).on == date(2026, 3, 17)


def test_the_first_instant_that_is_too_late_is_midnight_in_the_legal_zone():
    ledger = accepted("WD(10)")

    due_at = ledger.due_at(load_default(), ZONE)

    assert due_at == datetime(2026, 3, 16, 16, tzinfo=UTC)


def test_every_day_is_explained_with_its_pause():
    ledger = accepted(
        "WD(10)",
        entry(
            2, "exclusion", "2026-03-06", "2026-03-16", reason="收养评估", basis="民发〔2020〕144号"
        ),
    )

    days = ledger.explain(load_default())

    assert [day.number for day in days if day.number] == list(range(1, 11))
    assert days[-1].on == date(2026, 3, 25)
    paused = {day.on for day in days if day.pause is not None}
    assert (min(paused), max(paused), len(paused)) == (date(2026, 3, 6), date(2026, 3, 16), 11)
    assert next(day.pause.reason for day in days if day.pause) == "收养评估"
    assert [day.kind for day in days if day.on == date(2026, 3, 7)] == ["weekend"]


def test_what_would_move_the_due_day_is_named():
    paused = accepted("WD(10)", entry(2, "pause", "2026-03-06"))
    extended = accepted("WD(10)", entry(2, "extension", "2026-03-06", limit="WD(5)"))
    beyond = Ledger(date(2026, 12, 30), "WD(10)")

    assert paused.moves(load_default()) == ["resume", "extension"]
    assert extended.moves(load_default()) == []
    assert beyond.moves(load_default()) == ["extension", "year"]


def test_a_text_that_is_no_limit_is_refused():
    with pytest.raises(CalendarError, match="no limit like"):
        accepted("P30D").due(load_default())
