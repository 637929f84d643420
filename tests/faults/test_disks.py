"""A full disk is full, and has room again."""

import errno
import subprocess
import sys

import pytest

from faults.disks import UNBOUND, Disk, bound_files

WRITER = """
import sys
for line in sys.stdin:
    try:
        with open(line.strip(), "ab", buffering=0) as file:
            file.write(bytes(100))
        print("written", flush=True)
    except OSError as error:
        print(error.errno, flush=True)
"""


def test_a_full_disk_takes_nothing_until_it_is_freed(tmp_path):
    disk = Disk(tmp_path / "disk", 8)
    if not disk.is_own:
        pytest.skip("no file system of its own is allowed here")
    file = disk.folder / "file"

    try:
        disk.fill()
        with pytest.raises(OSError, match="No space left"):
            file.write_bytes(bytes(10_000))
        disk.free()
        file.write_bytes(bytes(10_000))
    finally:
        disk.remove()


def test_a_bound_process_lets_no_file_grow_until_it_is_unbound(tmp_path):
    words = [sys.executable, "-c", WRITER]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:

        def write() -> str:
            one.stdin.write(f"{tmp_path / 'file'}\n")
            one.stdin.flush()
            return one.stdout.readline().strip()

        told = [write()]
        bound_files([one.pid], 50)
        told.append(write())
        bound_files([one.pid], UNBOUND)
        told.append(write())
        one.stdin.close()

    assert told == ["written", str(errno.EFBIG), "written"]
