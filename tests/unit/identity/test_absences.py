"""Absences: who enters which days, and who may stand in."""

from datetime import date, timedelta

import pytest

from onething import identity
from onething.errors import AbsenceRefused, InvalidInput, NotAllowed, NotFound
from onething.identity import Days, Moment
from unit.identity.conftest import NOW

TODAY = date(2026, 11, 23)
WHEN = Moment(NOW, TODAY)
KEYS = {"department_code": "police", "post_name": "household", "region_code": "370502"}


def day(n: int) -> date:
    return TODAY + timedelta(days=n)


def days(user: str, first: int = 0, last: int = 4, substitute: str | None = "wang") -> Days:
    return Days(user, day(first), day(last), "leave", substitute)


@pytest.fixture
def police(enrol):
    """Three clerks of one post, one of another, a supervisor, and a clerk of elsewhere."""
    for user in ("li", "wang", "zhao"):
        enrol(user, "clerk", **KEYS)
    enrol("traffic", "clerk", **KEYS | {"post_name": "traffic"})
    enrol("head", "supervisor", department_code="police")
    enrol("far", "clerk", department_code="civil")


@pytest.fixture
def enter(database, acting, police):
    def make(days: Days, by: str | None = None) -> int:
        return identity.enter_absence(database, acting(by or days.user), WHEN, days)

    return make


def away(database, n: int = 0) -> set[str]:
    with database.read() as conn:
        return set(identity.away_on(conn, "police", day(n)))


def cover(database, user: str, n: int = 0) -> str | None:
    with database.read() as conn:
        found = identity.away_on(conn, "police", day(n))
        who = identity.cover_of(found, identity.workers(conn, "police"), user)
    return who.user if who else None


def test_days_hold_from_the_first_to_the_last(database, enter):
    enter(days("li", 1, 2))

    assert [away(database, n) for n in range(4)] == [set(), {"li"}, {"li"}, set()]
    assert cover(database, "li", 1) == "wang"


def test_auditors_read_who_entered_what_but_neither_kind_nor_note(database, enter):
    enter(days("li"), by="head")

    with database.read() as conn:
        last = next(identity.changes(conn, limit=1))
    assert (last.kind, last.actor, last.subject) == ("AbsenceEntered", "head", "li")
    assert "leave" not in str(last.detail)


@pytest.mark.parametrize("by", ["wang", "far"])
def test_nobody_else_enters_a_clerks_days(enter, by):
    with pytest.raises(NotAllowed):
        enter(days("li"), by=by)


def test_a_supervisor_enters_days_of_the_own_department_alone(enter):
    with pytest.raises(InvalidInput):
        enter(days("far"), by="head")


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (days("li", -1, 3), "past"),
        (days("li", 0, 3, "li"), "self"),
        (days("li", 0, 3, "traffic"), "post"),
        (days("li", 0, 3, "far"), "post"),
        (days("li", 0, 3, "nobody"), "post"),
    ],
)
def test_days_that_are_over_and_substitutes_of_elsewhere_are_refused(enter, wanted, why):
    with pytest.raises(AbsenceRefused) as refused:
        enter(wanted)
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Days("li", day(3), day(2), "leave"), "last_on"),
        (Days("li", day(0), day(366), "leave"), "last_on"),
        (Days("li", day(0), day(1), "ill"), "kind"),
        (Days("li", day(0), day(1), "leave", None, "x" * 201), "note"),
    ],
)
def test_what_does_not_fit_is_named(enter, wanted, field):
    with pytest.raises(InvalidInput) as refused:
        enter(wanted)
    assert field in refused.value.fields


def test_overlapping_days_are_refused_with_the_days_that_stand(enter):
    enter(days("li", 2, 4))

    with pytest.raises(AbsenceRefused) as refused:
        enter(days("li", 4, 6))
    assert (refused.value.why, refused.value.told["last"]) == ("overlap", "2026-11-27")
    enter(days("li", 5, 6))


def test_who_is_away_as_well_does_not_stand_in_nor_do_two_for_each_other(enter):
    enter(days("wang", 2, 3, "li"))
    enter(days("zhao", 2, 3, "head"))

    for substitute, why in (("wang", "circle"), ("zhao", "away")):
        with pytest.raises(AbsenceRefused) as refused:
            enter(days("li", 0, 4, substitute))
        assert refused.value.why == why


def test_who_goes_away_after_being_chosen_covers_nobody(database, enter):
    enter(days("li", 0, 4, "wang"))
    enter(days("wang", 1, 1, "zhao"))

    assert [cover(database, "li", n) for n in range(3)] == ["wang", None, "wang"]


def test_an_absence_ends_early_and_one_that_has_not_begun_is_withdrawn(database, acting, enter):
    begun, coming = enter(days("li", 0, 4)), enter(days("li", 10, 12))
    later = Moment(NOW + timedelta(days=2), day(2))

    for one in (begun, coming):
        identity.end_absence(database, acting("li"), later, one)

    assert [away(database, n) for n in (1, 2, 10)] == [{"li"}, set(), set()]
    with pytest.raises(AbsenceRefused):
        identity.end_absence(database, acting("li"), later, begun)
    with pytest.raises(NotFound):
        identity.end_absence(database, acting("li"), later, coming)


def test_days_are_changed_but_not_the_day_on_which_they_began(database, acting, enter):
    absence_id = enter(days("li", 0, 4))
    later = Moment(NOW + timedelta(days=1), day(1))

    def change(wanted: Days) -> None:
        identity.change_absence(database, acting("li"), later, absence_id, wanted)

    change(days("li", 0, 6, "zhao"))
    assert cover(database, "li", 6) == "zhao"
    with pytest.raises(AbsenceRefused) as refused:
        change(days("li", 1, 6))
    assert refused.value.why == "begun"
    with pytest.raises(AbsenceRefused):
        change(days("li", 0, 0))


def test_others_neither_see_nor_change_it(database, acting, enter):
    absence_id = enter(days("li"))

    with pytest.raises(NotAllowed):
        identity.end_absence(database, acting("wang"), WHEN, absence_id)
    with pytest.raises(NotFound):
        identity.end_absence(database, acting("far"), WHEN, absence_id)


def test_an_actor_knows_that_they_are_away_or_stand_in(database, acting, enter):
    enter(days("li"))

    with database.read() as conn:
        li, wang, zhao = (
            identity.present(conn, acting(user), TODAY) for user in ("li", "wang", "zhao")
        )
    assert li.absent_until == day(4)
    assert [(one.user, one.until) for one in wang.stands_in] == [("li", day(4))]
    assert (zhao.absent_until, zhao.stands_in) == (None, ())
