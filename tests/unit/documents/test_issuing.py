"""Documents of a case: numbers without gaps or doubles, files kept by content."""

from datetime import UTC, date, datetime

import pytest

from onething import documents
from onething.documents import Reservation
from onething.errors import InvalidInput, NotFound
from onething.testing import databases


class Kept(dict):
    def put(self, content):
        name = f"{len(content):064x}"
        self[name] = content
        return name


@pytest.fixture
def database():
    database = databases.throwaway()
    database.create()
    yield database
    database.close()


@pytest.fixture
def wanted(found):
    def make(ident, template="slip", instance="i1", year=2026):
        return Reservation(
            instance_id=instance,
            id=ident,
            template=found[template],
            at=datetime(year, 6, 1, 1, tzinfo=UTC),
            issued_on=date(year, 6, 1),
            item="cremation",
        )

    return make


def test_numbers_count_up_by_prefix_and_year(database, wanted):
    asked = [
        wanted("a"),
        wanted("b"),
        wanted("c", "refusal"),
        wanted("d", year=2027),
        wanted("a", instance="i2"),
    ]

    rows = [database.write(lambda conn, one=one: documents.reserve(conn, one)) for one in asked]

    assert [row.number for row in rows] == [
        "JS〔2026〕000001号",
        "JS〔2026〕000002号",
        "东民离不〔2026〕000001号",
        "JS〔2027〕000001号",
        "JS〔2026〕000003号",
    ]


def test_a_number_of_a_failed_transaction_is_given_again(database, wanted):
    def fail(conn):
        documents.reserve(conn, wanted("a"))
        raise InvalidInput

    with pytest.raises(InvalidInput):
        database.write(fail)

    row = database.write(lambda conn: documents.reserve(conn, wanted("b")))
    assert row.number == "JS〔2026〕000001号"


def test_issuing_twice_gives_the_same_document(database, wanted, data, env):
    store = Kept()

    first = documents.issue(database.write, store, wanted("a"), data, env)
    second = documents.issue(database.write, store, wanted("a"), {}, env)

    assert first == second
    assert store[first.sha256].startswith(b"%PDF")
    assert first.size_bytes == len(store[first.sha256])


def test_a_document_is_seen_only_when_finished(database, wanted, data, env):
    database.write(lambda conn: documents.reserve(conn, wanted("a")))
    row = documents.issue(database.write, Kept(), wanted("b"), data, env)

    with database.read() as conn:
        assert documents.of_case(conn, "i1") == [row]
        assert documents.by_number(conn, row.number) == row
        with pytest.raises(NotFound):
            documents.by_number(conn, "JS〔2026〕000001号")
        with pytest.raises(NotFound):
            documents.get(conn, "i2", "a")


def test_an_interrupted_document_is_finished_under_its_number(database, wanted, data, env):
    reserved = database.write(lambda conn: documents.reserve(conn, wanted("a")))

    issued = documents.issue(database.write, Kept(), wanted("a"), data, env)

    assert issued.number == reserved.number
    assert issued.sha256


def test_a_notice_gets_no_number(database, wanted):
    with pytest.raises(InvalidInput):
        database.write(lambda conn: documents.reserve(conn, wanted("a", "reminder")))
