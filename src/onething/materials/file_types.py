"""Telling a file's type from its bytes, never from its name. Allowed: PDF, JPEG, PNG, OFD.

An image's size in pixels is read from its header, so that an image bomb is refused unopened.

Source: ISO 32000-1 §7.5 (PDF), ISO/IEC 10918-1 annex B (JPEG), ISO/IEC 15948 §11 (PNG),
GB/T 33190-2016 (OFD: a zip whose entry is OFD.xml).
"""

import struct
import zipfile
import zlib
from io import BytesIO

from onething.errors import UnsupportedMaterial

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
OFD = "application/ofd"

SUFFIXES = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), PNG: (".png",), OFD: (".ofd",)}
"""File names that each type may have; the first is given to files without one."""

MOST_PIXELS = 60_000_000
LONGEST_SIDE = 20_000
MOST_ZIP_ENTRIES = 5_000
MOST_ZIP_BYTES = 300_000_000

_PHONE_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"})
"""ISO/IEC 23008-12: photos as newer phones keep them."""
_PHONE_ADVICE = (
    "这是 HEIC 照片，请换成 JPG：iPhone 在“设置 > 相机 > 格式”选“兼容性最佳”后重拍，"
    "或把照片另存为 JPG (a HEIC photo: take it again as JPEG, on an iPhone with "
    "Settings > Camera > Formats > Most Compatible, or save it as JPEG)"
)
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})


def type_of(content: bytes) -> str:
    """Return the media type of a file.

    Raises:
        UnsupportedMaterial: none of the allowed types, damaged, or an image bomb.
    """
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _image(JPEG, _jpeg_size(content))
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _image(PNG, _png_size(content))
    if content.startswith(b"PK\x03\x04"):
        return _ofd(content)
    if content[4:8] == b"ftyp" and content[8:12] in _PHONE_BRANDS:
        raise UnsupportedMaterial(_PHONE_ADVICE)
    raise UnsupportedMaterial(
        "内容不是 PDF、JPEG、PNG 或 OFD，请另选文件 "
        "(its content is not PDF, JPEG, PNG or OFD: choose another file)"
    )


def _pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-2048:]:
        told = "PDF 文件不完整，请重新导出或另选文件 (the PDF file is not whole: export it again)"
        raise UnsupportedMaterial(told)
    return PDF


def _image(kind: str, size: tuple[int, int] | None) -> str:
    if size is None or not all(size):
        told = "图片文件已损坏，请重新拍照或另选文件 (the picture is damaged: choose another)"
        raise UnsupportedMaterial(told)
    width, height = size
    if max(size) > LONGEST_SIDE or width * height > MOST_PIXELS:
        told = (
            f"图片过大：{width}×{height}，请缩小后再传 (the picture is too large: make it smaller)"
        )
        raise UnsupportedMaterial(told)
    return kind


def _png_size(content: bytes) -> tuple[int, int] | None:
    """Read IHDR, the first chunk; its check sum must hold."""
    if len(content) < 33 or content[12:16] != b"IHDR":  # noqa: PLR2004 - signature and IHDR take 33 bytes
        return None
    (stated,) = struct.unpack(">I", content[29:33])
    if zlib.crc32(content[12:29]) != stated or b"IEND" not in content[-16:]:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header, which holds the size."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = content[place + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill byte
            place += 1
            continue
        if marker in _JPEG_BARE:
            place += 2
            continue
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        place += 2 + max(length, 2)
    return None


def _ofd(content: bytes) -> str:
    """Accept a zip with OFD.xml at its top whose parts are of a sane number and size."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise UnsupportedMaterial("OFD 文件已损坏 (the OFD file is damaged)") from error
    if not any(entry.filename == "OFD.xml" for entry in entries):
        raise UnsupportedMaterial("压缩文件不是 OFD 文件 (the zip is no OFD file)")
    if len(entries) > MOST_ZIP_ENTRIES or sum(one.file_size for one in entries) > MOST_ZIP_BYTES:
        raise UnsupportedMaterial("OFD 文件展开后过大 (the OFD file unpacks to too much)")
    if any(one.filename.startswith("/") or ".." in one.filename.split("/") for one in entries):
        raise UnsupportedMaterial("OFD 文件含有越界路径 (the OFD file holds paths that lead out)")
    return OFD
