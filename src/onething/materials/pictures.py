"""Taking out of a picture what nobody asked for: where and when it was taken, by what, previews.

A phone writes the place into every photo. What is kept has the pixels as they came, bit for bit,
the colour profile, and the way up; whatever hides behind the picture's end goes too.

Source: ISO/IEC 10918-1 annex B (JPEG), ISO/IEC 15948 §11 and §14.2 (PNG), JEITA CP-3451 (Exif),
个人信息保护法 第六条 (no more than is needed).
"""

import struct
import zlib
from collections.abc import Iterator

from onething.errors import UnsupportedMaterial

_KEPT_APPS = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
"""Segments that say how the pixels are meant, by marker."""
_APPS = frozenset({*range(0xE0, 0xF0), 0xFE})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN, _END = 0xDA, 0xD9
_WAYS = range(2, 9)
"""Values of the tag Orientation other than the usual one."""
_TAG = 0x0112
_LEAST_CHUNK = 12
_KEPT_CHUNKS = frozenset({b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"pHYs"})
_UPPER = 0x20


def cleaned_jpeg(content: bytes) -> bytes:
    """Return a JPEG of the same pixels that says nothing but how they are shown.

    Raises:
        UnsupportedMaterial: It ends before its end.
    """
    parts: list[bytes] = []
    way = 1
    for marker, segment in _segments(content):
        if marker == 0xE1 and segment[4:10] == b"Exif\x00\x00":  # noqa: PLR2004 - APP1
            way = _orientation(segment[10:])
        is_told = marker in _APPS and not segment[4:].startswith(_KEPT_APPS.get(marker, b"\0none"))
        if not is_told:
            parts.append(segment)
    place = 1 if parts and parts[0][1] == 0xE0 else 0  # noqa: PLR2004 - JFIF stands first
    if way in _WAYS:
        told = b"Exif\x00\x00" + _tiff(way)
        parts.insert(place, b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told)
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9"


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (marker, whole segment) up to the end; a scan's data belong to its segment."""
    place = 2
    while place + 2 <= len(content):
        if content[place] != 0xFF:  # noqa: PLR2004 - every marker begins so
            break
        marker = content[place + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill byte
            place += 1
            continue
        if marker == _END:
            return
        if marker in _BARE:
            place += 2
            continue
        stop = place + 2 + max(int.from_bytes(content[place + 2 : place + 4], "big"), 2)
        if marker == _SCAN:
            stop = _after_scan(content, stop)
        yield marker, content[place:stop]
        place = stop
    raise UnsupportedMaterial("图片文件不完整，请另选文件 (the picture is not whole: take another)")


def _after_scan(content: bytes, place: int) -> int:
    """Return where the next marker stands behind a scan's data."""
    while (place := content.find(b"\xff", place)) >= 0 and place + 1 < len(content):
        if content[place + 1] not in (0x00, *range(0xD0, 0xD8)):
            return place
        place += 2
    return len(content)


def cleaned_png(content: bytes) -> bytes:
    """Return a PNG of the same pixels that says nothing but how they are shown.

    Raises:
        UnsupportedMaterial: It ends before its end.
    """
    parts = [content[:8]]
    place = 8
    while place + _LEAST_CHUNK <= len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        kind, stop = content[place + 4 : place + 8], place + _LEAST_CHUNK + length
        if stop > len(content):
            break
        if not kind[0] & _UPPER or kind in _KEPT_CHUNKS:
            parts.append(content[place:stop])
        elif kind == b"eXIf" and (way := _orientation(content[place + 8 : stop - 4])) in _WAYS:
            parts.append(_chunk(kind, _tiff(way)))
        if kind == b"IEND":
            return b"".join(parts)
        place = stop
    raise UnsupportedMaterial("图片文件不完整，请另选文件 (the picture is not whole: take another)")


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def _orientation(tiff: bytes) -> int:
    """Read the tag Orientation of the first directory; 1 where there is none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:  # noqa: PLR2004 - a TIFF header
        return 1
    (start,) = struct.unpack(f"{order}I", tiff[4:8])
    entries = tiff[start + 2 :]
    count = struct.unpack(f"{order}H", tiff[start : start + 2])[0] if start + 2 <= len(tiff) else 0
    for number in range(min(count, len(entries) // 12)):
        entry = entries[number * 12 : number * 12 + 12]
        tag, kind, _many, value = struct.unpack(f"{order}HHIH", entry[:10])
        if (tag, kind) == (_TAG, 3):
            return int(value)
    return 1


def _tiff(way: int) -> bytes:
    """Write the smallest directory that says which way is up."""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _TAG, 3, 1, way, 0, 0)
