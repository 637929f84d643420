"""The content store: files named by the SHA-256 of what they hold, sealed with one key.

A content is written once and never changed. It is written before the transaction that
mentions it; when that fails, an unmentioned file stays and harms nobody.
"""

import os
import re
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onething import disk
from onething.errors import HistoryBroken, NotFound

_NONCE_BYTES = 12
_FOR_OWNER = 0o600
_NAME = re.compile(r"[0-9a-f]{64}")


class Store:
    """A folder of contents.

    Args:
        folder: made when missing, readable by its owner alone.
        key: 32 bytes that seal every file (AES-256-GCM); None stores plain bytes.
    """

    def __init__(self, folder: Path, key: bytes | None = None) -> None:
        self._folder = folder
        self._cipher = AESGCM(key) if key is not None else None

    def put(self, content: bytes) -> str:
        """Keep a content and return its name, 64 hexadecimal digits; twice keeps it once."""
        name = sha256(content).hexdigest()
        path = self._path(name)
        if not path.exists():
            if not path.parent.exists():
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                disk.flush_names(self._folder)
            disk.write(path, self._sealed(name, content), _FOR_OWNER)
        return name

    def get(self, name: str) -> bytes:
        """Return a content.

        Raises:
            NotFound: there is none of that name.
            HistoryBroken: the file no longer holds what its name says.
        """
        path = self._path(name)
        try:
            content = self._opened(name, path.read_bytes())
        except FileNotFoundError:
            raise NotFound(f"No content {name}") from None
        if sha256(content).hexdigest() != name:
            raise HistoryBroken(f"The content {name} was changed")
        return content

    def holds(self, name: str) -> bool:
        """Whether there is a content of that name."""
        return self._path(name).exists()

    def size(self, name: str) -> int:
        """Return how many bytes lie on the disk for a content; 0 where there is none."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return 0

    def erase(self, name: str) -> None:
        """Delete a content at the end of its retention; nothing happens where there is none."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound(f"No content {name[:80]}")
        return self._folder / name[:2] / name

    def _sealed(self, name: str, content: bytes) -> bytes:
        if self._cipher is None:
            return content
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, name.encode())

    def _opened(self, name: str, raw: bytes) -> bytes:
        if self._cipher is None:
            return raw
        try:
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError) as error:
            raise HistoryBroken(f"The content {name} was changed") from error
