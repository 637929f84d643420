"""What may be done with the clocks of a case, and what is refused with the reason."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from onething.calendar import load_default
from onething.clocks import Frame, Opening, Register, Why, effects, fold
from onething.errors import Conflict

ZONE = ZoneInfo("Asia/Shanghai")


def at(day, hour=10):
    """An instant on a day of Shanghai."""
    instant = datetime.combine(date.fromisoformat(day), datetime.min.time(), ZONE)
    return instant.replace(hour=hour).astimezone(UTC)


def frame(day, sequence=1, hour=10):
    return Frame(load_default(), ZONE, at(day, hour), sequence)


def later(register, day, sequence):
    """The same clocks in a later command."""
    return Register("i", register.clocks.values(), frame(day, sequence))


def handling(day="2026-03-02", **more):
    register = Register("i", [], frame(day))
    register.start(Opening("handling", "item", "ND(30)", "WD(10)", item_id="adoption", **more))
    return register


NAME = "handling.adoption"


def due(register, name=NAME):
    """The promise's last day, in Shanghai."""
    return (register.clocks[name].promised_due_at.astimezone(ZONE)).isoformat()[:10]


def test_a_clock_knows_both_of_its_due_instants():
    clock = handling().clocks[NAME]

    assert clock.promised_due_at == at("2026-03-17", 0)
    assert clock.statutory_due_at == at("2026-04-02", 0)


def test_an_event_late_in_the_evening_belongs_to_its_local_day():
    register = Register("i", [], frame("2026-03-02", hour=23))

    clock = register.start(Opening("reception", "case", "WD(5)"))

    assert clock.started_on == date(2026, 3, 2)


def test_t19_pause_and_resumption_move_the_promise():
    register = later(handling(), "2026-03-06", 2)
    register.pause(NAME, Why("收养评估"), kind="exclusion")
    register = later(register, "2026-03-16", 3)

    clock = register.resume(NAME, Why("收养评估"))

    assert (clock.state, due(register)) == ("running", "2026-03-26")


def test_a_pause_that_ends_at_midnight_ends_with_the_day_before():
    register = later(handling(), "2026-03-06", 2)
    register.pause(NAME, Why("公告"))
    register = Register("i", register.clocks.values(), frame("2026-03-17", 3, hour=0))

    clock = register.resume(NAME, Why("公告"))

    assert clock.entries[-1].first == date(2026, 3, 17)
    assert due(register) == "2026-03-26"


def test_a_clock_with_two_pauses_runs_again_after_the_second():
    register = later(handling(), "2026-03-06", 2)
    register.pause(NAME, Why("公告"))
    register.pause(NAME, Why("评估"))

    first, second = register.resume(NAME, Why("公告")), register.resume(NAME, Why("评估"))

    assert (first.state, second.state) == ("paused", "running")


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda one: one.resume(NAME, Why("公告")), "is not paused"),
        (lambda one: one.pause("handling.other", Why("公告")), "has no clock"),
        (lambda one: one.pause(NAME, Why("x"), first=date(2026, 3, 7)), "in the future"),
        (lambda one: one.pause(NAME, Why("x"), first=date(2026, 3, 1)), "began on 2026-03-02"),
        (
            lambda one: one.pause(NAME, Why("x"), first=date(2026, 3, 5), last=date(2026, 3, 4)),
            "ends before it begins",
        ),
        (lambda one: one.extend(NAME, "ND(10)", Why("重大", None)), "who approved it"),
        (lambda one: one.extend(NAME, "ND(10)", Why(" ", "u")), "needs a reason"),
        (lambda one: one.extend(NAME, "ND(0)", Why("重大", "u")), "at least one day"),
        (lambda one: one.start(Opening("handling", "item", item_id="adoption")), "runs already"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(act, told):
    register = later(handling(), "2026-03-06", 2)

    with pytest.raises(Conflict, match=told):
        act(register)

    assert effects(register) == []


def test_the_same_pause_twice_is_refused():
    register = later(handling(), "2026-03-06", 2)
    register.pause(NAME, Why("公告"))

    with pytest.raises(Conflict, match="paused for this reason already"):
        register.pause(NAME, Why("公告"))


def test_a_second_extension_is_refused():
    register = later(handling(), "2026-03-06", 2)
    register.extend(NAME, "WD(5)", Why("案情复杂", "supervisor"))

    with pytest.raises(Conflict, match="the law allows it once"):
        register.extend(NAME, "WD(5)", Why("案情复杂", "supervisor"))

    assert due(register) == "2026-03-24"


def test_a_clock_that_has_ended_moves_no_more():
    register = handling()
    register.stop(NAME)

    with pytest.raises(Conflict, match="has ended"):
        register.pause(NAME, Why("公告"))


def test_a_second_clock_of_a_name_gets_a_number():
    register = handling()
    register.stop(NAME)

    second = register.start(Opening("handling", "item", promised="WD(1)", item_id="adoption"))

    assert second.clock_id == "handling.adoption#2"
    assert register.latest(NAME) is second


def test_t20_a_deemed_acceptance_goes_back_to_the_day_the_materials_came():
    register = Register("i", [], frame("2026-02-13"))
    reception = register.start(Opening("reception", "case", "WD(5)"))
    register = later(register, "2026-02-28", 2)
    register.stop("reception", state="expired")
    register.deem("reception", Why("逾期未作决定, 视为受理", basis="行政许可法 第三十二条第四项"))

    clock = register.start(
        Opening(
            "handling",
            "item",
            "ND(30)",
            "WD(10)",
            item_id="adoption",
            since=reception.started_on,
            is_deemed=True,
        )
    )

    assert reception.statutory_due_at == at("2026-02-28", 0)
    assert (clock.started_on, clock.entries[0].kind) == (date(2026, 2, 13), "deemed")
    assert due(register) == "2026-03-06"


def test_folding_the_effects_gives_the_same_clocks_again():
    register = handling(department="civil", basis="民法典 1105")
    clocks = folded({}, register, 1)
    for day, act in (
        ("2026-03-06", lambda one: one.pause(NAME, Why("公告"))),
        ("2026-03-16", lambda one: one.resume(NAME, Why("公告"))),
        ("2026-03-18", lambda one: one.extend(NAME, "WD(5)", Why("案情复杂", "u"))),
        ("2026-03-19", lambda one: one.stop(NAME)),
    ):
        register = later(register, day, len(clocks[NAME].entries) + 1)
        act(register)
        clocks = folded(clocks, register, register.frame.sequence)

    assert clocks == register.clocks


def folded(clocks, register, sequence):
    version = register.frame.calendar.version
    return fold("i", clocks, effects(register), sequence=sequence, calendar_version=version)


def test_a_new_calendar_moves_a_provisional_clock_and_leaves_others():
    register = Register("i", [], frame("2026-12-30"))
    register.start(Opening("handling", "item", promised="WD(10)", item_id="adoption"))
    other = Register("i", register.clocks.values(), replace(frame("2026-12-31", 2)))

    is_moved = other.redate(NAME, "2027")

    assert register.clocks[NAME].provisional
    assert not is_moved
    assert effects(other) == []
