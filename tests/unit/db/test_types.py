from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from onething.db import instant_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(-1000, 1000, places=2),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def stored(database, notes, **values):
    def command(conn):
        conn.execute(notes.delete())
        conn.execute(insert(notes), {"number": 1, **values})
        return conn.execute(select(notes)).one()

    return database.write(command)


@given(value=JSON)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_json_value_comes_back_equal(database, notes, value):
    assert stored(database, notes, value=value).value == value


def test_a_fraction_comes_back_as_decimal(database, notes):
    back = stored(database, notes, value={"amount": Decimal("12.30")}).value["amount"]

    assert isinstance(back, Decimal)
    assert back == Decimal("12.3")


def test_an_instant_comes_back_in_utc_to_the_microsecond(database, notes):
    shanghai = timezone(timedelta(hours=8))
    at = datetime(2026, 11, 23, 16, 30, 0, 123456, tzinfo=shanghai)

    back = stored(database, notes, at=at).at

    assert back == at
    assert back.tzinfo is UTC


def test_an_instant_without_zone_is_refused(database, notes):
    with pytest.raises(StatementError, match="no time zone"):
        stored(database, notes, at=datetime(2026, 11, 23))  # noqa: DTZ001 - the missing zone is the point


@given(
    st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1)),  # noqa: DTZ001 - hypothesis asks for it
    st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1)),  # noqa: DTZ001 - hypothesis asks for it
)
def test_comparing_texts_compares_instants(one, other):
    assert (instant_text(one) < instant_text(other)) == (one < other)
