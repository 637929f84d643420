"""Contents are kept once, sealed, under what they hold."""

import resource

import pytest

from onething.errors import HistoryBroken, NotFound
from onething.materials import Store


@pytest.fixture(params=[None, b"k" * 32], ids=["plain", "sealed"])
def store(request, tmp_path):
    return Store(tmp_path / "materials", request.param)


def test_a_content_comes_back_as_it_was(store):
    name = store.put(b"content")

    assert store.get(name) == b"content"
    assert store.holds(name)


def test_the_same_content_is_kept_once(store, tmp_path):
    assert store.put(b"x") == store.put(b"x")

    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_changed_file_is_noticed(store, tmp_path):
    name = store.put(b"content")
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    with pytest.raises(HistoryBroken):
        store.get(name)


def test_a_sealed_file_does_not_show_its_content(tmp_path):
    Store(tmp_path, b"k" * 32).put(b"secret words")

    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert b"secret" not in path.read_bytes()


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "0" * 63])
def test_what_is_not_there_is_not_found(store, name):
    with pytest.raises(NotFound):
        store.get(name)


def test_a_full_disk_keeps_no_part_of_a_content(store, tmp_path):
    store.put(b"before")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))
    try:
        with pytest.raises(OSError, match="File too large"):
            store.put(b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_an_erased_content_is_gone(store):
    name = store.put(b"content")

    store.erase(name)
    store.erase(name)

    assert not store.holds(name)
