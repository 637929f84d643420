from datetime import timedelta

import pytest

from onething import identity
from onething.errors import InvalidInput, LockedOut, NotSignedIn
from onething.identity import SYSTEM

PASSWORD = "Morgenstern-7"


def test_the_right_password_signs_in(database, enrol, settings, now):
    enrol("wang", "applicant")

    person = identity.sign_in(database, " Wang ", PASSWORD, now, settings, "127.0.0.1")

    assert (person.user, person.name) == ("wang", "Wang")


@pytest.mark.parametrize("user", ["wang", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(database, enrol, settings, now, user):
    enrol("wang", "applicant")

    with pytest.raises(NotSignedIn) as refused:
        identity.sign_in(database, user, "Wrong-guess-1", now, settings)

    assert refused.value.message == "Account name or password is wrong"


@pytest.mark.parametrize("user", ["wang", "nobody"])
def test_five_wrong_passwords_lock_a_name_for_a_quarter_of_an_hour(
    database, enrol, settings, now, user
):
    enrol("wang", "applicant")
    guess(database, user, now, settings, times=5)

    with pytest.raises(LockedOut) as locked:
        identity.sign_in(database, user, PASSWORD, now, settings)

    assert locked.value.until == now + timedelta(minutes=15)


def test_the_lock_opens_by_itself(database, enrol, settings, now):
    enrol("wang", "applicant")
    guess(database, "wang", now, settings, times=5)

    later = now + timedelta(minutes=15)

    assert identity.sign_in(database, "wang", PASSWORD, later, settings).user == "wang"


def test_a_success_begins_the_count_anew(database, enrol, settings, now):
    enrol("wang", "applicant")
    guess(database, "wang", now, settings, times=4)
    identity.sign_in(database, "wang", PASSWORD, now, settings)

    guess(database, "wang", now, settings, times=4)

    assert identity.sign_in(database, "wang", PASSWORD, now, settings).user == "wang"


def test_a_disabled_account_cannot_sign_in(database, enrol, settings, now):
    enrol("wang", "applicant")
    identity.set_disabled(database, SYSTEM, now, "wang", is_disabled=True)

    with pytest.raises(NotSignedIn):
        identity.sign_in(database, "wang", PASSWORD, now, settings)


def test_every_attempt_is_kept_for_the_auditor(database, enrol, settings, now):
    enrol("wang", "applicant")
    guess(database, "wang", now, settings, times=1)
    identity.sign_in(database, "wang", PASSWORD, now, settings, "10.0.0.7")

    with database.read() as conn:
        kept = [(one.user, one.address, one.is_success) for one in identity.attempts(conn)]

    assert kept == [("wang", "10.0.0.7", True), ("wang", "", False)]


def test_a_changed_password_counts_and_ends_other_sessions(database, enrol, settings, now, acting):
    enrol("wang", "applicant")
    before = identity.sign_in(database, "wang", PASSWORD, now, settings)

    after = identity.change_password(
        database, acting("wang"), now, PASSWORD, "Abendrot-2026", settings
    )

    assert after.session_epoch == before.session_epoch + 1
    assert identity.sign_in(database, "wang", "Abendrot-2026", now, settings).user == "wang"
    with pytest.raises(NotSignedIn):
        identity.sign_in(database, "wang", PASSWORD, now, settings)


def test_changing_the_password_asks_for_the_old_one(database, enrol, settings, now, acting):
    enrol("wang", "applicant")

    with pytest.raises(InvalidInput) as refused:
        identity.change_password(
            database, acting("wang"), now, "Wrong-guess-1", "Abendrot-2026", settings
        )

    assert "old" in refused.value.fields


@pytest.mark.parametrize(
    "password", ["Short-1", "onlysmallletters", "wang-Wang-2026", "Password-123", "x1-" * 80]
)
def test_a_password_that_is_easy_to_guess_is_refused(database, settings, now, password):
    with pytest.raises(InvalidInput) as refused:
        identity.add_person(
            database, SYSTEM, now, user="wang", name="王", password=password, settings=settings
        )

    assert "password" in refused.value.fields


def test_a_password_set_by_an_administrator_must_be_changed(database, enrol, settings, now, acting):
    enrol("root", "administrator")
    enrol("wang", "applicant")

    identity.reset_password(database, acting("root"), now, "wang", "Abendrot-2026", settings)

    person = identity.sign_in(database, "wang", "Abendrot-2026", now, settings)
    assert person.must_change_password


def guess(database, user, now, settings, times):
    for _ in range(times):
        with pytest.raises(NotSignedIn):
            identity.sign_in(database, user, "Wrong-guess-1", now, settings)
