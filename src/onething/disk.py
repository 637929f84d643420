"""Files that outlive a loss of power: whole on disk, or not there at all."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO

DRAFT = ".tmp"
"""How the name of a file ends that is not whole yet; it begins with a dot."""


def write(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file whole or not at all, in the place of what has its name; keep no part.

    Args:
        path: Where; its folder exists.
        content: All of it.
        mode: Who may read and write it, as far as the umask of the process lets them.

    Raises:
        OSError: The disk is full, or the folder is gone.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{DRAFT}")
    try:
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            flush(file)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
    flush_names(path.parent)


def flush(file: IO[bytes]) -> None:
    """Bring what was written into an open file to disk."""
    file.flush()
    os.fsync(file.fileno())


def flush_names(folder: Path) -> None:
    """Bring the names in a folder to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
