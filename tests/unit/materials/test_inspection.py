"""A file is what its bytes say, or it is refused."""

import contextlib
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.errors import TooLarge, UnsupportedMaterial
from onething.materials import JPEG, OFD, PDF, PNG, inspect, sanitised

LIMIT = 100_000
PDF_FILE = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


def png(width=2, height=3):
    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg(width=2, height=3):
    app = b"\xff\xe0" + struct.pack(">H", 7) + b"JFIF\x00"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + app + frame + b"\xff\xda" + b"\x00" * 20 + b"\xff\xd9"


def zipped(*names):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF_FILE, "协议.pdf", PDF),
        (png(), "photo.PNG", PNG),
        (jpeg(), "合影.jpeg", JPEG),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "证明.ofd", OFD),
    ],
)
def test_allowed_types_are_told_by_their_bytes(content, name, kind):
    file = inspect(BytesIO(content), name, LIMIT)

    assert (file.type, file.name, file.size_bytes) == (kind, name, len(content))


def test_a_name_without_suffix_gets_the_right_one():
    assert inspect(PDF_FILE, "协议", LIMIT).name == "协议.pdf"


@pytest.mark.parametrize(
    ("content", "name", "declared"),
    [
        (PDF_FILE, "photo.png", None),
        (png(), "doc.pdf", None),
        (PDF_FILE, "a.pdf", "image/png"),
        (b"", "a.pdf", None),
        (b"<html><script>", "a.pdf", None),
        (b"MZ\x90\x00" + b"\x00" * 100, "a.exe", None),
        (b"%PDF-1.7 cut off", "a.pdf", None),
        (b"\xff\xd8\xff\xe0 cut", "a.jpg", None),
        (png()[:20], "a.png", None),
        (png().replace(b"IHDR\x00", b"IHDR\x01"), "a.png", None),
        (zipped("word/document.xml"), "a.docx", None),
        (zipped("word/document.xml"), "a.ofd", None),
        (zipped("OFD.xml", "../evil"), "a.ofd", None),
        (b"PK\x03\x04 broken", "a.ofd", None),
    ],
)
def test_what_does_not_match_is_refused(content, name, declared):
    with pytest.raises(UnsupportedMaterial):
        inspect(content, name, LIMIT, declared)


@pytest.mark.parametrize(
    "content", [png(50_000, 2), png(9_000, 9_000), png(0, 5), jpeg(60_000, 60_000)]
)
def test_image_bombs_are_refused_by_their_header(content):
    with pytest.raises(UnsupportedMaterial):
        inspect(content, "a.png" if content[1:4] == b"PNG" else "a.jpg", LIMIT)


def test_reading_stops_at_the_limit():
    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            return b"x" * size

    stream = Endless()

    with pytest.raises(TooLarge):
        inspect(stream, "a.pdf", LIMIT)

    assert stream.given < LIMIT + 2 * 64 * 1024


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\协议.pdf", "协议.pdf"),
        ('a"b;c.pdf', "a_b_c.pdf"),
        ("a\x00\u202efdp.exe", "afdp.exe"),
        ("", "材料"),
        ("...", "材料"),
        ("长" * 200 + ".pdf", "长" * 96 + ".pdf"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert sanitised(given) == kept


@given(st.binary(max_size=300))
def test_no_bytes_break_the_inspection(content):
    with contextlib.suppress(UnsupportedMaterial):
        inspect(content, "a", LIMIT)


@given(
    st.binary(max_size=100), st.sampled_from([jpeg(), png(), zipped("OFD.xml")]), st.integers(0, 90)
)
def test_no_damaged_file_breaks_the_inspection(noise, whole, place):
    damaged = whole[:place] + noise + whole[place + len(noise) :]

    with contextlib.suppress(UnsupportedMaterial):
        inspect(damaged, "a", LIMIT)
