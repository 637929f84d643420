"""Copies carry the mark, whatever the file does; the mark's absence is never an accident."""

import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from fpdf import FPDF
from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from onething.documents.stamp import PURPOSE, Stamp
from onething.documents.stamped_image import SIDES_PX, stamped_image
from onething.documents.stamped_pdf import require_stampable, stamped_pdf
from onething.errors import NotStampable

STAMP = Stamp(
    "370500260000001000000123", "window.reception@370500", datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
)


def pdf(pages=2, **more):
    paper = FPDF()
    for number in range(pages):
        paper.add_page(**more)
        paper.set_font("helvetica", size=20)
        paper.cell(text=f"Page {number}", link="https://example.org")
    return bytes(paper.output())


def changed(content, change):
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def texts(content):
    # pypdf reads the two-byte codes of an embedded CMap byte by byte: the high ones are NUL
    return [one.extract_text().replace("\0", "") for one in PdfReader(BytesIO(content)).pages]


def test_every_page_says_what_it_is_for_of_which_case_and_who_looked_when():
    shown = texts(stamped_pdf(pdf(3), STAMP))

    assert len(shown) == 3
    for number, text in enumerate(shown):
        assert f"Page {number}" in text
        assert "3705002600000010" in text
        assert "window.reception@370500 2026-11-30 09:05" in text


def test_a_page_that_is_turned_and_cut_keeps_its_shape():
    def turn(writer):
        writer.pages[0].rotate(90)
        writer.pages[0].cropbox.upper_right = (300, 400)

    page = PdfReader(BytesIO(stamped_pdf(changed(pdf(1), turn), STAMP))).pages[0]

    assert (page["/Rotate"], [float(one) for one in page.cropbox][2:]) == (90, [300, 400])


def test_nothing_that_acts_comes_along():
    def arm(writer):
        action = DictionaryObject()
        action[NameObject("/S")] = NameObject("/JavaScript")
        action[NameObject("/JS")] = TextStringObject("app.alert(1)")
        writer.root_object[NameObject("/OpenAction")] = action
        writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
        writer.add_attachment("evil.exe", b"MZ")

    armed = changed(pdf(), arm)
    copy = stamped_pdf(armed, STAMP)

    assert b"/JavaScript" in armed
    for word in (b"/JavaScript", b"/EmbeddedFile", b"/OpenAction", b"/URI", b"/Annots", b"/AA"):
        assert word not in copy


def test_content_that_ends_in_the_middle_of_a_text_does_not_swallow_the_mark():
    def break_off(writer):
        stream = DecodedStreamObject()
        stream.set_data(b"q q q BT /F1 20 Tf (never ended")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    copy = stamped_pdf(changed(pdf(1), break_off), STAMP)

    assert "window.reception" in texts(copy)[0]


def test_a_file_with_a_password_is_refused_with_advice():
    locked = changed(pdf(), lambda writer: writer.encrypt("secret", algorithm="AES-256"))

    with pytest.raises(NotStampable, match=r"密码.*password"):
        require_stampable(locked)
    with pytest.raises(NotStampable, match=r"密码.*password"):
        stamped_pdf(locked, STAMP)


def test_a_file_that_is_only_protected_against_printing_is_stamped():
    guarded = changed(pdf(), lambda writer: writer.encrypt("", "owner", algorithm="AES-256"))

    require_stampable(guarded)
    assert "window.reception" in texts(stamped_pdf(guarded, STAMP))[0]


CIRCLE = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]"
    b"/Count 1>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def bomb():
    """A file whose table of objects inflates to two gigabytes."""
    packer = zlib.compressobj(9)
    block = b"\x00" * (1 << 20)
    packed = b"".join(packer.compress(block) for _ in range(2_048)) + packer.flush()
    head = b"/Type /XRef /Size 9 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode"
    body = b"%%PDF-1.7\n1 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    whole = body % (head, len(packed), packed)
    return whole + b"startxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
        b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF",
        bomb(),
        CIRCLE,
    ],
    ids=["empty", "noise", "bomb", "circle"],
)
def test_a_file_that_cannot_be_read_is_refused_with_advice(content):
    with pytest.raises(NotStampable, match="重新打印成 PDF"):
        stamped_pdf(content, STAMP)


def test_a_file_of_too_many_pages_is_refused_with_advice():
    def many(writer):
        for _ in range(500):
            writer.add_blank_page(100, 100)

    with pytest.raises(NotStampable, match="请分开提交"):
        stamped_pdf(changed(pdf(1), many), STAMP)


def picture(size=(3_000, 2_000), kind="JPEG", mode="RGB", **options):
    out = BytesIO()
    Image.new(mode, size, "grey" if mode == "RGB" else 0).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("size", SIDES_PX)
def test_a_picture_is_made_smaller_and_marked_all_over(size):
    with Image.open(BytesIO(stamped_image(picture(), STAMP, size))) as copy:
        plain = Image.new("RGB", copy.size, "grey")
        marked = ImageChops.difference(copy, plain).convert("L").point(lambda one: one > 40 and 255)
        quarters = [
            marked.crop((x, y, x + copy.width // 2, y + copy.height // 2)).getbbox()
            for x in (0, copy.width // 2)
            for y in (0, copy.height // 2)
        ]

    assert max(copy.size) == min(SIDES_PX[size], 3_000)
    assert all(quarters)


def test_a_photo_taken_upright_is_shown_upright():
    exif = Image.Exif()
    exif[0x0112] = 6

    with Image.open(BytesIO(stamped_image(picture(exif=exif), STAMP, "page"))) as copy:
        assert copy.height > copy.width
        assert not dict(copy.getexif())


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_is_shown(mode):
    copy = stamped_image(picture((200, 100), "PNG", mode), STAMP, "page")

    with Image.open(BytesIO(copy)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (200, 100))


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0 broken", b"<svg onload='x'/>", b""])
def test_what_is_no_picture_is_refused_with_advice(content):
    with pytest.raises(NotStampable, match="重新提交"):
        stamped_image(content, STAMP, "page")


def test_a_picture_whose_pixels_are_missing_is_refused():
    whole = picture((300, 300), "PNG")

    with pytest.raises(NotStampable):
        stamped_image(whole[: len(whole) // 2], STAMP, "page")


def test_the_mark_has_three_lines():
    at = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)

    assert Stamp("1", "window", at).lines == (PURPOSE, "1", "window 2026-11-30 09:05")
