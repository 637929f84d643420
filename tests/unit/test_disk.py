"""Files that are there whole or not at all."""

import resource
import stat
from pathlib import Path

import pytest

from onething import disk


@pytest.fixture
def little_room():
    """No file may grow beyond 64 bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    disk.write(file, b"old")
    disk.write(file, b"new")

    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk_leaves_what_was_there_and_no_part(tmp_path: Path, little_room) -> None:
    file = tmp_path / "file"
    disk.write(file, b"old")

    with pytest.raises(OSError, match="large"):
        disk.write(file, bytes(1_000))

    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_the_mode_says_who_may_read(tmp_path: Path) -> None:
    disk.write(tmp_path / "file", b"", 0o600)

    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
