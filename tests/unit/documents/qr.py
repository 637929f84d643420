"""Read the QR code of a drawn document back as dark and light modules."""

import re
from collections import Counter
from io import BytesIO

import segno
from pypdf import PdfReader

_SQUARE = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) -\3 re f")


def modules(content: bytes) -> list[list[int]]:
    """Return the matrix of the QR code on a PDF's last page: 1 is dark."""
    drawn = PdfReader(BytesIO(content)).pages[-1].get_contents().get_data()
    squares = [tuple(map(float, one)) for one in _SQUARE.findall(drawn)]
    size = Counter(one[2] for one in squares).most_common(1)[0][0]
    places = [(x, y) for x, y, side in squares if side == size]
    left, top = min(x for x, _ in places), max(y for _, y in places)
    dark = {(round((top - y) / size), round((x - left) / size)) for x, y in places}
    width = max(column for _, column in dark) + 1
    return [[int((row, column) in dark) for column in range(width)] for row in range(width)]


def code_of(text: str) -> list[list[int]]:
    """Return the matrix of the QR code that holds a text."""
    return [list(row) for row in segno.make(text, error="m", micro=False).matrix]
