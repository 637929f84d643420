import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething import identity
from onething.errors import Conflict, InvalidInput, NotAllowed, NotFound
from onething.identity import ROLES, SYSTEM, Actor, checked_roles, covers

WORKS = ("helper", "clerk", "supervisor", "designer", "operator")


@pytest.mark.parametrize("manager", ["administrator", "security_officer", "auditor"])
@pytest.mark.parametrize("other", WORKS)
def test_who_manages_or_audits_does_no_other_work(manager, other):
    with pytest.raises(InvalidInput):
        checked_roles([manager, other])


@pytest.mark.parametrize(
    "pair",
    [
        ("administrator", "auditor"),
        ("administrator", "security_officer"),
        ("auditor", "security_officer"),
    ],
)
def test_the_three_managers_are_three_people(pair):
    with pytest.raises(InvalidInput):
        checked_roles(pair)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_apply_for_themselves(role):
    assert checked_roles([role, "applicant"]) == {role, "applicant"}


def test_an_unknown_role_is_refused():
    with pytest.raises(InvalidInput, match="emperor"):
        checked_roles(["emperor"])


def test_a_post_that_is_held_already_is_given_no_second_time(database, enrol, now):
    place = {"department_code": "police", "post_name": "household"}
    held = enrol("wang", "clerk", **place)

    again = identity.give_post(database, SYSTEM, now, user="wang", roles=["clerk"], **place)
    other = identity.give_post(database, SYSTEM, now, user="wang", roles=["supervisor"], **place)

    with database.read() as conn:
        posts = [one.post_id for one in identity.get_person(conn, "wang").posts]
        changes = [one.kind for one in identity.changes(conn)]
    assert again == held
    assert sorted(posts) == sorted([held, other])
    assert changes.count("PostGiven") == 2


def test_roles_must_be_apart_over_all_posts_of_a_person(database, enrol, now):
    enrol("wang", "clerk", department_code="police", post_name="household")

    with pytest.raises(InvalidInput):
        identity.give_post(database, SYSTEM, now, user="wang", roles=["auditor"])


def test_a_person_acts_at_the_post_that_was_chosen(database, enrol, now):
    enrol("wang", "clerk", department_code="police", post_name="household", region_code="370502")
    second = identity.give_post(
        database,
        SYSTEM,
        now,
        user="wang",
        roles=["supervisor"],
        department_code="civil",
        region_code="370500",
    )

    with database.read() as conn:
        first, other = identity.actor(conn, "wang"), identity.actor(conn, "wang", second)

    assert (first.post_name, first.roles) == ("police.household@370502", {"clerk"})
    assert (other.department, other.roles) == ("civil", {"supervisor"})


def test_only_clerks_and_supervisors_of_a_department_are_its_workers(database, enrol):
    enrol("wang", "clerk", department_code="police", post_name="household")
    enrol("zhao", "supervisor", department_code="police")
    enrol("liu", "operator", department_code="police")
    enrol("sun", "clerk", department_code="civil")

    with database.read() as conn:
        assert [one.user for one in identity.workers(conn, "police")] == ["wang", "zhao"]


def test_an_administrator_gives_no_roles(database, enrol, now, acting):
    enrol("root", "administrator")
    enrol("wang")

    with pytest.raises(NotAllowed):
        identity.give_post(database, acting("root"), now, user="wang", roles=["clerk"])


def test_a_security_officer_opens_no_accounts(database, enrol, now, acting, settings):
    enrol("guard", "security_officer")

    with pytest.raises(NotAllowed):
        identity.add_person(
            database, acting("guard"), now, user="wang", name="王", settings=settings
        )


def test_nobody_gives_roles_to_themselves(database, enrol, now, acting):
    enrol("guard", "security_officer")

    with pytest.raises(NotAllowed):
        identity.give_post(database, acting("guard"), now, user="guard", roles=["applicant"])


def test_an_account_name_is_taken_once(enrol):
    enrol("wang")

    with pytest.raises(Conflict):
        enrol("wang")


@pytest.mark.parametrize("user", ["system", "Wang", "x", "wang li", "../root"])
def test_a_bad_account_name_is_refused(database, settings, now, user):
    with pytest.raises(InvalidInput):
        identity.add_person(database, SYSTEM, now, user=user, name="x", settings=settings)


def test_a_post_in_an_unknown_department_is_refused(database, enrol, now):
    enrol("wang")

    with pytest.raises(InvalidInput, match="circus"):
        identity.give_post(
            database, SYSTEM, now, user="wang", roles=["clerk"], department_code="circus"
        )


def test_a_post_that_was_taken_away_no_longer_acts(database, enrol, now):
    post_id = enrol("wang", "clerk", department_code="police")

    identity.take_post(database, SYSTEM, now, post_id)

    with database.read() as conn, pytest.raises(NotFound):
        identity.actor(conn, "wang")


def test_every_change_is_noted_with_its_actor(database, enrol, now, acting):
    enrol("guard", "security_officer")
    enrol("wang")

    identity.give_post(database, acting("guard"), now, user="wang", roles=["applicant"])

    with database.read() as conn:
        newest = next(identity.changes(conn))
    assert (newest.actor, newest.kind, newest.subject) == ("guard", "PostGiven", "wang")
    assert newest.detail["roles"] == ["applicant"]


@pytest.mark.parametrize(
    ("region", "code", "expected"),
    [
        ("370500", "370502", True),
        ("370500", "370502001007", True),
        ("370502", "370502", True),
        ("370502", "370503", False),
        ("370000", "370502", True),
        ("370502", "370500", False),
        (None, "370502", True),
    ],
)
def test_a_region_covers_its_subdivisions(region, code, expected):
    assert covers(region, code) is expected


@given(st.from_regex(r"[1-9]\d{5}", fullmatch=True))
def test_a_region_covers_itself_and_its_province(code):
    assert covers(code, code)
    assert covers(code[:2] + "0000", code)


def test_the_product_itself_is_no_person():
    assert SYSTEM.is_system
    assert not Actor("system", roles=frozenset({"clerk"})).is_system
