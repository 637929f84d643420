from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError, IntegrityError

from onething import history
from onething.errors import HistoryBroken, NotFound
from onething.history import GENESIS, Keys, NewEvent

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(-99, 99, places=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def new(place=1, previous=GENESIS, instance_id="case-a", **more) -> NewEvent:
    values = {"kind": "CaseStarted", "actor": "wang", "at": NOW, "input": {}, "effects": {}}
    return NewEvent(
        instance_id=instance_id, sequence=place, previous_hash=previous, **{**values, **more}
    )


def append(archive, event: NewEvent) -> bytes:
    return archive.database.write(lambda conn: append_on(conn, archive, event))


def append_on(conn, archive, event: NewEvent) -> bytes:
    return history.append(conn, archive.keys.of_case(conn, event.instance_id), event)


def read(archive, instance_id="case-a", *, keys=None, **more):
    with archive.database.read() as conn:
        return list(history.read(conn, keys, instance_id, **more))


@given(public=JSON, personal=JSON)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_was_appended_is_read_back(archive, public, personal):
    count = len(read(archive))
    previous = read(archive)[-1].hash if count else GENESIS

    append(archive, new(count + 1, previous, input=public, effects=[public], personal=personal))

    event = read(archive, keys=archive.keys, after=count)[0]
    assert (event.input, event.effects, event.personal) == (public, [public], personal)


def test_all_columns_of_an_event_come_back(archive):
    digest = append(
        archive, new(post="police.household", on_behalf_of="mandate-7", key="k1", personal={"a": 1})
    )

    event = read(archive)[0]

    assert (event.kind, event.actor, event.post) == ("CaseStarted", "wang", "police.household")
    assert (event.on_behalf_of, event.key, event.at) == ("mandate-7", "k1", NOW)
    assert (event.previous_hash, event.hash) == (GENESIS, digest)


def test_without_keys_no_personal_value_is_opened(archive):
    append(archive, new(personal={"name": "张三"}))

    assert read(archive)[0].personal is None


def test_personal_values_stand_nowhere_in_clear(archive):
    append(archive, new(personal={"name": "Zhang-San", "idNo": "370502194912120019"}))

    path = archive.database.url.database
    with archive.database.read() as conn:
        rows = conn.exec_driver_sql("SELECT * FROM event, event_value, case_key").all()

    assert "370502194912120019" not in repr(rows), path


def test_equal_values_of_two_events_have_different_commitments(archive):
    first = append(archive, new(personal={"sex": "1"}))
    append(archive, new(2, first, personal={"sex": "1"}))

    one, other = read(archive)

    assert one.commitment != other.commitment


def test_long_histories_are_read_in_order_and_in_part(archive):
    archive.add("case-a", 450)

    assert [event.sequence for event in read(archive)] == list(range(1, 451))
    assert [event.sequence for event in read(archive, after=440, limit=3)] == [441, 442, 443]


def test_two_events_cannot_stand_at_the_same_place(archive):
    append(archive, new())

    with pytest.raises(IntegrityError):
        append(archive, new())


def test_a_key_names_one_event_of_an_instance(archive):
    digest = append(archive, new(key="wang:7"))

    with pytest.raises(IntegrityError):
        append(archive, new(2, digest, key="wang:7"))


def test_an_event_is_found_by_its_key(archive):
    append(archive, new(key="wang:7"))

    with archive.database.read() as conn:
        assert history.by_key(conn, "case-a", "wang:7").sequence == 1
        assert history.by_key(conn, "case-a", "other") is None
        assert history.by_key(conn, "case-b", "wang:7") is None


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'li'", "DELETE FROM event"])
def test_the_database_refuses_to_change_history(archive, statement):
    append(archive, new())

    with pytest.raises(DatabaseError, match="append-only"):
        archive.database.write(lambda conn: conn.exec_driver_sql(statement))


def test_an_erased_case_keeps_its_events_without_their_values(archive):
    append(archive, new(personal={"name": "张三"}))

    archive.database.write(lambda conn: archive.keys.erase(conn, "case-a"))

    event = read(archive, keys=archive.keys)[0]
    assert (event.kind, event.personal) == ("CaseStarted", None)


def test_an_erased_case_stays_erased_for_a_fresh_keyring(archive):
    append(archive, new(personal={"name": "张三"}))
    archive.database.write(lambda conn: archive.keys.erase(conn, "case-a"))

    fresh = Keys(b"m" * 32)

    assert read(archive, keys=fresh)[0].personal is None
    with archive.database.read() as conn, pytest.raises(NotFound, match="erased"):
        fresh.of_case(conn, "case-a")


def test_an_erased_case_goes_on_no_further(archive):
    digest = append(archive, new())
    archive.database.write(lambda conn: archive.keys.erase(conn, "case-a"))

    with pytest.raises(NotFound, match="erased"):
        append(archive, new(2, digest))


def test_a_value_moved_to_another_event_does_not_open(archive):
    archive.add("case-a", 2)
    archive.tamper(
        "UPDATE event_value SET sealed = (SELECT sealed FROM event_value WHERE sequence = 1) "
        "WHERE sequence = 2"
    )

    with pytest.raises(HistoryBroken):
        read(archive, keys=archive.keys)


def test_a_rolled_back_start_leaves_no_key_behind(archive):
    def command(conn):
        append_on(conn, archive, new())
        raise ValueError

    with pytest.raises(ValueError):
        archive.database.write(command)

    append(archive, new(personal={"a": 1}))
    assert read(archive, keys=Keys(b"m" * 32))[0].personal == {"a": 1}


def test_fractions_come_back_exact(archive):
    append(archive, new(personal={"amount": Decimal("0.10")}))

    amount = read(archive, keys=archive.keys)[0].personal["amount"]

    assert isinstance(amount, Decimal)
    assert amount == Decimal("0.1")
