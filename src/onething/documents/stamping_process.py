"""The program that lays a mark over the pages of a PDF; `stamped_pdf` runs it and bounds it.

Every page is drawn anew: its old content becomes one closed drawing, what stands on it (fields
that were filled in, stamps) is drawn behind that, and the mark comes last. So nothing in the
file can cover the mark or swallow it, and nothing that acts (scripts, links, attachments) comes
along. It imports nothing of onething: it begins fast and holds little.

Source: ISO 32000-1 §8.10 (form XObjects), §12.5.5 (appearance streams).
"""

import json
import resource
import struct
import sys
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    PdfObject,
    StreamObject,
)

_SECONDS = 30
_BYTES = 1_500_000_000
_ENCRYPTED, _MANY_PAGES = 3, 4
_HIDDEN = 0b100010
"""Flags Hidden and NoView of an annotation."""
_ACTING = frozenset({"/Link", "/Screen", "/Movie", "/Sound", "/RichMedia", "/3D", "/Popup"})
_FILTERS = ("/Filter", "/DecodeParms")
_CORNERS = 4


def main() -> int:
    """Read head, mark and file; write the copy; return what to answer to the shell."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    told, mark, content = json.loads(_part()), _part(), _part()
    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return _ENCRYPTED
    if len(reader.pages) > told["pages"]:
        return _MANY_PAGES
    if told.get("check"):
        return 0 if len(reader.pages) else 1
    writer = PdfWriter()
    over = _drawing(writer, PdfReader(BytesIO(mark)).pages[0])
    for page in reader.pages:
        _copy(writer, page, over, told["side"])
    if not len(writer.pages):
        return 1
    out = BytesIO()
    writer.write(out)
    sys.stdout.buffer.write(out.getbuffer())
    return 0


def _part() -> bytes:
    (length,) = struct.unpack(">Q", sys.stdin.buffer.read(8))
    return sys.stdin.buffer.read(length)


def _copy(writer: PdfWriter, page: Any, over: PdfObject, side: float) -> None:  # noqa: ANN401 - pypdf's page
    left, low, right, high = _box(page.mediabox)
    crop = _box(page.cropbox)
    new = writer.add_blank_page(right - left, high - low)
    for name, box in (("/MediaBox", (left, low, right, high)), ("/CropBox", crop)):
        new[NameObject(name)] = ArrayObject(FloatObject(one) for one in box)
    turned = int(page.get("/Rotate", 0) or 0) % 360
    if turned:
        new.rotate(turned)
    drawn = {"/Page": _drawing(writer, page), "/Mark": over}
    said = [b"q /Page Do Q"]
    for number, (matrix, look) in enumerate(_looks(page)):
        drawn[f"/Note{number}"] = look.clone(writer, force_duplicate=True)
        said.append(b"q %s cm /Note%d Do Q" % (_numbers(matrix), number))
    said.append(b"q %s cm /Mark Do Q" % _numbers(_over(crop, turned, side)))
    content = DecodedStreamObject()
    content.set_data(b"\n".join(said))
    new[NameObject("/Contents")] = writer._add_object(content)  # noqa: SLF001 - pypdf offers no other way
    objects = DictionaryObject(
        {NameObject(name): one.indirect_reference or one for name, one in drawn.items()}
    )
    new[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): objects})


def _drawing(writer: PdfWriter, page: Any) -> PdfObject:  # noqa: ANN401 - pypdf's page
    """Make one closed drawing of what a page draws."""
    held = page.get("/Contents")
    held = held.get_object() if held is not None else None
    form = StreamObject()
    if isinstance(held, StreamObject):
        form._data = held._data  # noqa: SLF001 - as it lies in the file, not inflated
        for name in _FILTERS:
            if name in held:
                form[NameObject(name)] = held[name].clone(writer)
    elif isinstance(held, ArrayObject):
        form.set_data(b"\n".join(one.get_object().get_data() for one in held))
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(FloatObject(one) for one in _box(page.mediabox))
    for name in ("/Resources", "/Group"):
        if name in page:
            form[NameObject(name)] = page[name].get_object().clone(writer)
    return writer._add_object(form)  # noqa: SLF001 - pypdf offers no other way


def _looks(page: Any) -> list[tuple[tuple[float, ...], StreamObject]]:  # noqa: ANN401 - pypdf's page
    """Return what stands on the page, each with the matrix that brings it to its place."""
    found = []
    notes: Any = page.get("/Annots", ArrayObject()).get_object()
    for one in notes:
        note = one.get_object()
        if not isinstance(note, DictionaryObject) or note.get("/Subtype") in _ACTING:
            continue
        look = note.get("/AP", {}).get_object().get("/N") if "/AP" in note else None
        look = look.get_object() if look is not None else None
        if isinstance(look, DictionaryObject) and not isinstance(look, StreamObject):
            look = look.get(note.get("/AS", "/Off"))
            look = look.get_object() if look is not None else None
        if isinstance(look, StreamObject) and not int(note.get("/F", 0)) & _HIDDEN:
            found.append((_placed(note, look), look))
    return found


def _placed(note: DictionaryObject, look: StreamObject) -> tuple[float, ...]:
    """Return the matrix of algorithm 8.1: the appearance's box onto the annotation's place."""
    matrix: Any = look.get("/Matrix", (1, 0, 0, 1, 0, 0))
    box: Any = look["/BBox"]
    place: Any = note["/Rect"]
    a, b, c, d, e, f = (float(one) for one in matrix)
    x1, y1, x2, y2 = (float(one) for one in box)
    spots = [(a * x + c * y + e, b * x + d * y + f) for x in (x1, x2) for y in (y1, y2)]
    left, low = (min(spot[axis] for spot in spots) for axis in (0, 1))
    wide, tall = (max(spot[axis] for spot in spots) - (left, low)[axis] for axis in (0, 1))
    rect = [float(one) for one in place]
    to_left, to_low = min(rect[0], rect[2]), min(rect[1], rect[3])
    over = abs(rect[2] - rect[0]) / wide if wide else 1.0
    up = abs(rect[3] - rect[1]) / tall if tall else 1.0
    return over, 0, 0, up, to_left - left * over, to_low - low * up


def _over(crop: tuple[float, ...], turned: int, side: float) -> tuple[float, ...]:
    """Return the matrix that lays the square of the mark over a page, readable as it is turned."""
    left, low, right, high = crop
    scale = max(right - left, high - low) / side
    reach = scale * side
    return {
        90: (0, scale, -scale, 0, left + reach, low),
        180: (-scale, 0, 0, -scale, left + reach, low + reach),
        270: (0, -scale, scale, 0, left, low + reach),
    }.get(turned, (scale, 0, 0, scale, left, low))


def _box(box: Any) -> tuple[float, ...]:  # noqa: ANN401 - pypdf's rectangle
    corners = [float(one) for one in box]
    if len(corners) != _CORNERS:
        raise ValueError(corners)
    x1, y1, x2, y2 = corners
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _numbers(matrix: tuple[float, ...]) -> bytes:
    return b" ".join(b"%.5f" % one for one in matrix)


if __name__ == "__main__":
    try:
        code = main()
    except MemoryError:
        code = 1
    sys.exit(code)
