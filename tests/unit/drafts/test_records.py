"""Drafts, as rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from onething import drafts
from onething.drafts import DraftRow
from onething.errors import Conflict
from onething.testing import databases

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
ROW = DraftRow(
    user="citizen",
    subject="outing",
    kind="saved",
    draft_id="d1",
    version=1,
    page="tab-1",
    answers=b"sealed",
    code=None,
    code_until=None,
    begun_by=None,
    created_at=NOW,
    updated_at=NOW,
    expires_at=NOW + timedelta(days=30),
)


@pytest.fixture
def database():
    with databases.throwaway() as opened:
        opened.create()
        yield opened


@pytest.fixture
def save(database):
    def saved(**values) -> None:
        database.write(lambda conn: drafts.save(conn, replace(ROW, **values)))

    return saved


@pytest.fixture
def found(database):
    def find(now=NOW, **words) -> DraftRow | None:
        with database.read() as conn:
            return drafts.find(conn, words.get("user", "citizen"), "outing", now)

    return find


def test_a_draft_is_found_by_its_writer_alone(save, found):
    save()

    assert found() == ROW
    assert found(user="other") is None


def test_a_page_saves_again_what_it_has_saved(save, found):
    save()
    save(version=2, answers=b"more", updated_at=NOW + timedelta(minutes=1))

    assert (found().version, found().answers, found().created_at) == (2, b"more", NOW)


def test_a_page_that_shows_an_older_version_is_refused(save, found):
    save()
    save(version=2, answers=b"first tab")

    with pytest.raises(Conflict):
        save(version=2, page="tab-2", answers=b"second tab")

    assert found().answers == b"first tab"


def test_a_second_beginning_is_refused(save):
    save()

    with pytest.raises(Conflict):
        save(page="tab-2", draft_id="d2")


def test_a_page_that_did_not_hear_the_answer_saves_all_the_same(save, found):
    save()
    save(answers=b"again")

    assert (found().version, found().answers) == (2, b"again")


def test_a_page_whose_draft_is_gone_does_not_bring_it_back(database, save, found):
    save()
    database.write(lambda conn: drafts.drop_all(conn, "citizen", "outing"))

    with pytest.raises(Conflict):
        save(version=2)

    assert found() is None


def test_a_page_of_a_draft_that_is_gone_does_not_write_into_its_successor(database, save, found):
    save()
    database.write(lambda conn: drafts.drop_all(conn, "citizen", "outing"))
    save(draft_id="d2", page="tab-2")

    with pytest.raises(Conflict):
        save(version=2)

    assert found().draft_id == "d2"


def test_a_draft_whose_days_are_over_is_not_found_and_makes_room(save, found):
    later = ROW.expires_at
    save()

    assert found(later) is None

    save(draft_id="d2", page="tab-2", updated_at=later, expires_at=later + timedelta(days=30))
    assert found(later).draft_id == "d2"


def test_what_is_over_is_deleted(database, save):
    save()
    save(subject="trip", expires_at=NOW + timedelta(days=31))

    dropped = database.write(lambda conn: drafts.drop_expired(conn, ROW.expires_at))

    assert dropped == 1
    with database.read() as conn:
        assert [one.subject for one in drafts.of_user(conn, "citizen", NOW)] == ["trip"]


def test_a_code_finds_the_draft_of_its_person_until_it_is_over(database, save):
    until = NOW + timedelta(hours=24)
    save()
    database.write(lambda conn: drafts.give_code(conn, ROW, "digest", until))

    with database.read() as conn:
        assert drafts.of_code(conn, "citizen", "digest", NOW).draft_id == "d1"
        assert drafts.of_code(conn, "citizen", "digest", until) is None
        assert drafts.of_code(conn, "citizen", "another", NOW) is None
        assert drafts.of_code(conn, "other", "digest", NOW) is None


def test_a_draft_keeps_its_code_while_it_is_saved_on(database, save, found):
    save()
    database.write(lambda conn: drafts.give_code(conn, ROW, "digest", NOW + timedelta(hours=24)))
    save(version=2)

    assert found().code == "digest"


def test_what_was_left_lies_beside_what_was_saved(database, save, found):
    save()
    database.write(lambda conn: drafts.put(conn, replace(ROW, kind="left", answers=b"left")))
    database.write(lambda conn: drafts.put(conn, replace(ROW, kind="left", answers=b"later")))

    assert found() == ROW
    with database.read() as conn:
        assert drafts.find(conn, "citizen", "outing", NOW, "left").answers == b"later"
