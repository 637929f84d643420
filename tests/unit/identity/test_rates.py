"""Attempts are counted in the database, so that every node sees them."""

from datetime import UTC, datetime, timedelta

import pytest

from onething import identity
from onething.testing import databases

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database():
    with databases.throwaway() as database:
        database.create()
        yield database


def counted(database, key: str, at: datetime) -> int:
    return database.write(lambda conn: identity.count_rate(conn, key, 1, at, at + MINUTE))


def test_count_goes_on_until_it_runs_out(database):
    counts = [counted(database, "a", NOW + second * timedelta(seconds=20)) for second in range(5)]

    assert counts == [1, 2, 3, 1, 2]


def test_count_says_until_when_it_holds(database):
    counted(database, "a", NOW)
    counted(database, "a", NOW + MINUTE / 2)

    with database.read() as conn:
        assert identity.rate_of(conn, "a", NOW + MINUTE / 2) == (2, NOW + MINUTE)
        assert identity.rate_of(conn, "a", NOW + MINUTE) == (0, NOW + MINUTE)


def test_what_ran_out_is_taken_away_by_the_next_new_count(database):
    counted(database, "a", NOW)
    counted(database, "b", NOW + 2 * MINUTE)

    with database.read() as conn:
        keys = conn.exec_driver_sql("SELECT key FROM rate").scalars().all()
    assert keys == ["b"]
