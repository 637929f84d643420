import pytest

from onething import history
from onething.errors import HistoryBroken, SettingsError
from onething.history import Keys


@pytest.fixture
def key(archive):
    return archive.database.write(lambda conn: archive.keys.of_case(conn, "case-a"))


def test_what_was_sealed_is_opened(key):
    assert history.unseal(key, history.seal(key, b"picture")) == b"picture"


def test_sealing_twice_gives_different_bytes(key):
    assert history.seal(key, b"picture") != history.seal(key, b"picture")


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 80])
def test_rubbish_does_not_open(key, sealed):
    with pytest.raises(HistoryBroken):
        history.unseal(key, sealed)


def test_one_case_does_not_open_what_another_sealed(archive, key):
    other = archive.database.write(lambda conn: archive.keys.of_case(conn, "case-b"))

    with pytest.raises(HistoryBroken):
        history.unseal(other, history.seal(key, b"picture"))


def test_the_stored_key_is_wrapped(archive, key):
    with archive.database.read() as conn:
        (wrapped,) = conn.exec_driver_sql("SELECT wrapped FROM case_key").one()

    assert key.secret not in wrapped


def test_a_key_does_not_open_under_another_master(archive, key):
    with archive.database.read() as conn, pytest.raises(HistoryBroken):
        Keys(b"x" * 32).find(conn, key.instance_id)


def test_a_key_moved_to_another_case_does_not_open(archive, key):
    archive.tamper("UPDATE case_key SET instance_id = 'case-z'")

    with archive.database.read() as conn, pytest.raises(HistoryBroken):
        Keys(b"m" * 32).find(conn, "case-z")


def test_a_key_is_the_same_at_every_asking(archive, key):
    with archive.database.read() as conn:
        assert archive.keys.of_case(conn, "case-a").secret == key.secret
        assert Keys(b"m" * 32).of_case(conn, "case-a").secret == key.secret


def test_a_key_does_not_show_itself_in_logs(key):
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


def test_values_without_a_case_are_sealed_under_the_master_key(archive):
    sealed = archive.keys.seal(b"early message")

    assert Keys(b"m" * 32).open(sealed) == b"early message"
    with pytest.raises(HistoryBroken):
        Keys(b"x" * 32).open(sealed)


def test_a_digest_depends_on_value_and_master_key_alone():
    keys = Keys(b"m" * 32)

    assert keys.digest({"a": 1, "b": 2}) == Keys(b"m" * 32).digest({"b": 2, "a": 1})
    assert keys.digest({"a": 1}) != keys.digest({"a": 2})
    assert keys.digest({"a": 1}) != Keys(b"x" * 32).digest({"a": 1})


def test_a_master_key_has_32_bytes():
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(b"short")


def test_an_unknown_hash_is_refused():
    with pytest.raises(SettingsError, match="md5"):
        Keys(b"m" * 32, "md5")


def test_a_key_that_another_process_erased_is_forgotten_after_a_while(archive, key, monkeypatch):
    other = Keys(b"m" * 32)
    archive.database.write(lambda conn: other.erase(conn, "case-a"))

    monkeypatch.setattr("onething.history.keys.time.monotonic", lambda: float("inf"))

    with archive.database.read() as conn:
        assert archive.keys.find(conn, "case-a") is None
