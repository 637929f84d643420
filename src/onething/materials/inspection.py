"""Looking at a file before a case is given it: size, type, name."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from onething.errors import TooLarge, UnsupportedMaterial
from onething.materials.file_types import JPEG, PNG, SUFFIXES, type_of
from onething.materials.pictures import cleaned_jpeg, cleaned_png

_CHUNK_BYTES = 64 * 1024
_NAME_CHARS = 100
_SUFFIX_CHARS = 8
_UNFIT = re.compile(r'[\\/:*?"<>|%;]+')
_ALIASES = {"image/jpg": JPEG, "image/pjpeg": JPEG}
_UNDECLARED = frozenset({"", "application/octet-stream"})
_CLEANERS: dict[str, Callable[[bytes], bytes]] = {JPEG: cleaned_jpeg, PNG: cleaned_png}
"""Pictures are kept without the place and whatever else a phone writes into them."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be given to a case."""

    name: str
    """Safe to show and to offer for download."""
    type: str
    """Media type, found from the bytes."""
    content: bytes
    sha256: str

    @property
    def size_bytes(self) -> int:
        """How long it is."""
        return len(self.content)


def inspect(
    stream: BinaryIO | bytes, name: str, limit_bytes: int, declared_type: str | None = None
) -> File:
    """Read a file and make sure that it is what it says.

    Args:
        stream: the bytes; reading stops at the limit.
        name: as the sender calls it; only its last part is kept.
        limit_bytes: largest file.
        declared_type: media type by the sender, where there is one.

    Raises:
        TooLarge: it is longer than the limit.
        UnsupportedMaterial: empty, of another type than allowed, or its bytes do not match
            its name or declared type.
    """
    content = _read(BytesIO(stream) if isinstance(stream, bytes) else stream, limit_bytes)
    if not content:
        raise UnsupportedMaterial("文件是空的 (the file is empty)")
    found = type_of(content)
    declared = (declared_type or "").partition(";")[0].strip().lower()
    if declared not in _UNDECLARED and _ALIASES.get(declared, declared) != found:
        message = f"文件内容是 {found}, 与声明的 {declared} 不符"
        raise UnsupportedMaterial(f"{message} (the bytes do not match the declared type)")
    kept = _CLEANERS.get(found, bytes)(content)
    return File(_named(name, found), found, kept, sha256(kept).hexdigest())


def _read(stream: BinaryIO, limit_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := stream.read(_CHUNK_BYTES):
        size += len(chunk)
        if size > limit_bytes:
            raise TooLarge(
                f"文件过大，不能超过 {limit_bytes / 2**20:.3g} MB (the file is larger than allowed)"
            )
        parts.append(chunk)
    return b"".join(parts)


def _named(name: str, found: str) -> str:
    """Clean a name; its suffix must be one of the type found."""
    clean = sanitised(name)
    suffix = PurePosixPath(clean).suffix.lower()
    if not suffix:
        return f"{clean}{SUFFIXES[found][0]}"
    if suffix not in SUFFIXES[found]:
        message = f"文件内容是 {found}, 与文件名 {clean} 不符"
        raise UnsupportedMaterial(f"{message} (the bytes do not match the name)")
    return clean


def sanitised(name: str) -> str:
    """Take paths, control characters and what shells and headers dislike out of a name."""
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(
        char for char in last if unicodedata.category(char)[0] not in "CZ" or char == " "
    )
    clean = _UNFIT.sub("_", visible).strip(" ._") or "材料"
    stem, dot, suffix = clean.rpartition(".")
    if not dot or len(suffix) > _SUFFIX_CHARS:
        return clean[:_NAME_CHARS]
    return f"{stem[: _NAME_CHARS - len(suffix) - 1]}.{suffix}"
