"""Disks that can fill: a file system of its own where that is allowed, else bounded files."""

import contextlib
import os
import resource
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

UNBOUND = resource.RLIM_INFINITY


class Disk:
    """A folder that is a file system of its own, on an image beside it, where this is allowed.

    The image keeps what the folder held when it is taken away.
    """

    def __init__(self, folder: Path, room_mb: int) -> None:
        self.folder = folder
        self.is_own = False
        folder.mkdir()
        image = folder.with_suffix(".img")
        with image.open("wb") as file:
            file.truncate(room_mb << 20)
        words = (
            ["mkfs.ext4", "-q", "-m", "0", str(image)],
            ["mount", "-o", "loop", str(image), str(folder)],
        )
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            for one in words:
                subprocess.run(one, check=True, capture_output=True)
            self.is_own = True

    def fill(self) -> None:
        """Leave no room at all."""
        free = shutil.disk_usage(self.folder).free
        with contextlib.suppress(OSError), (self.folder / "ballast").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(free - (64 << 10), 1))
        with contextlib.suppress(OSError), (self.folder / "rest").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def free(self) -> None:
        """Give the room back."""
        (self.folder / "ballast").unlink(missing_ok=True)
        (self.folder / "rest").unlink(missing_ok=True)

    def remove(self) -> None:
        """Take the file system away."""
        if self.is_own:
            subprocess.run(["/bin/umount", str(self.folder)], check=False)


def bound_files(processes: Iterable[int], size_bytes: int) -> None:
    """Bound the files that processes and their children may write."""
    for first in processes:
        with contextlib.suppress(OSError):
            children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
            for one in (first, *map(int, children)):
                with contextlib.suppress(OSError):
                    _, most = resource.prlimit(one, resource.RLIMIT_FSIZE)
                    resource.prlimit(one, resource.RLIMIT_FSIZE, (size_bytes, most))
