"""Secrets that a file or the environment holds; never the file that names them."""

import os
from pathlib import Path

from onething.errors import SettingsError

FEWEST_BYTES = 16
_OTHERS = 0o077


def from_file(path: Path) -> bytes:
    """Return the secret of a file, without the line's end.

    Raises:
        SettingsError: It cannot be read, others may read it, or it is too short to be secret.
    """
    require_private(path)
    return _long_enough(path.read_bytes().rstrip(b"\r\n"), str(path))


def from_environment(name: str) -> bytes:
    """Return the secret of an environment variable; raise SettingsError as `from_file` does."""
    return _long_enough(os.environb.get(name.encode(), b""), name)


def require_private(path: Path) -> None:
    """Raise SettingsError for a file that is not there or that others may read."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    if not path.is_file():
        raise SettingsError(f"{path} is no file")
    if mode & _OTHERS:
        raise SettingsError(f"{path} is readable by others: chmod 600 {path}")
    if not os.access(path, os.R_OK):
        raise SettingsError(f"{path} cannot be read by this user")


def _long_enough(secret: bytes, where: str) -> bytes:
    if len(secret) < FEWEST_BYTES:
        raise SettingsError(f"{where} holds no secret of at least {FEWEST_BYTES} bytes")
    return secret
