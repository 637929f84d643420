from datetime import timedelta

import pytest

from onething import identity
from onething.errors import InvalidInput, NotAllowed, NotSignedIn
from onething.identity import SYSTEM


@pytest.fixture
def token(database, enrol, now) -> str:
    enrol("wang", "clerk", department_code="police", post_name="household", region_code="370502")
    return identity.issue_token(database, SYSTEM, now, user="wang", name="bench", days=30)


def test_a_token_acts_as_its_owner_at_the_post(database, token, now):
    actor = identity.by_token(database, token, now)

    assert (actor.user, actor.post_name) == ("wang", "police.household@370502")


def test_the_secret_is_not_in_the_database(database, token):
    secret = token.split("_", 2)[2]

    with database.read() as conn:
        stored = conn.exec_driver_sql("SELECT * FROM token").all()

    assert secret not in repr(stored)


@pytest.mark.parametrize(
    "text", ["", "ot_", "Bearer x", "ot_000000000000_" + "A" * 43, "ot_zz_" + "é" * 43]
)
def test_what_is_no_token_is_refused(database, text, token, now):
    with pytest.raises(NotSignedIn):
        identity.by_token(database, text, now)


def test_another_secret_under_a_known_id_is_refused(database, token, now):
    with pytest.raises(NotSignedIn):
        identity.by_token(database, token[:-43] + "A" * 43, now)


def test_an_expired_token_is_refused(database, token, now):
    with pytest.raises(NotSignedIn):
        identity.by_token(database, token, now + timedelta(days=30))


def test_a_revoked_token_is_refused(database, token, now, acting):
    with database.read() as conn:
        token_id = identity.tokens_of(conn, "wang")[0].token_id

    identity.revoke_token(database, acting("wang"), now, token_id)

    with pytest.raises(NotSignedIn):
        identity.by_token(database, token, now)


def test_a_disabled_owner_ends_the_token(database, token, now):
    identity.set_disabled(database, SYSTEM, now, "wang", is_disabled=True)

    with pytest.raises(NotSignedIn):
        identity.by_token(database, token, now)


def test_a_post_that_is_taken_away_takes_its_tokens(database, enrol, now):
    post_id = enrol("zhao", "clerk", department_code="police")
    text = identity.issue_token(database, SYSTEM, now, user="zhao", name="x", days=1)

    identity.take_post(database, SYSTEM, now, post_id)

    with pytest.raises(NotSignedIn):
        identity.by_token(database, text, now)


def test_nobody_issues_tokens_for_others(database, token, enrol, now, acting):
    enrol("zhao", "clerk", department_code="police")

    with pytest.raises(NotAllowed):
        identity.issue_token(database, acting("zhao"), now, user="wang", name="x", days=1)


def test_a_person_without_post_gets_no_token(database, enrol, now):
    enrol("liu")

    with pytest.raises(InvalidInput):
        identity.issue_token(database, SYSTEM, now, user="liu", name="x", days=1)
