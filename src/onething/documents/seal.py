"""The place of a seal, drawn: ring, star, the authority along the arc.

It shows where an authority's electronic seal (GB/T 38540-2020) goes and is none itself.
"""

import math

from fpdf import FPDF

RADIUS_MM = 20.0
_RED = (200, 30, 30)
_STAR_MM = 5.5
_OPACITY = 0.6
_ARC_DEGREES = 250.0
_CHAR_DEGREES = 26.0


def draw_seal(pdf: FPDF, x: float, y: float, authority: str, name: str) -> None:
    """Draw the place of a seal.

    Args:
        pdf: the document, at the page to draw on.
        x: centre from the left, in mm.
        y: centre from the top, in mm.
        authority: set along the arc.
        name: the seal's own name, set below the star; may be empty.
    """
    with pdf.local_context(fill_opacity=_OPACITY, stroke_opacity=_OPACITY):
        pdf.set_draw_color(*_RED)
        pdf.set_text_color(*_RED)
        pdf.set_fill_color(*_RED)
        pdf.set_line_width(0.9)
        pdf.circle(x, y, RADIUS_MM)
        pdf.polygon(_star(x, y - 1.5, _STAR_MM), style="F")
        _arc(pdf, x, y, authority)
        pdf.set_font("serif", size=9)
        below = name or ("" if authority.endswith("章") else "签章处")
        pdf.text(x - pdf.get_string_width(below) / 2, y + 14, below)


def _arc(pdf: FPDF, x: float, y: float, text: str) -> None:
    if not text:
        return
    step = min(_CHAR_DEGREES, _ARC_DEGREES / max(len(text), 1))
    size = 15 if step == _CHAR_DEGREES else max(7.0, 15 * step / _CHAR_DEGREES)
    pdf.set_font("serif", size=size)
    height = size * 0.3528
    distance = RADIUS_MM - 2 - height / 2
    start = -step * (len(text) - 1) / 2
    for number, char in enumerate(text):
        angle = start + step * number
        radians = math.radians(angle)
        place = x + distance * math.sin(radians), y - distance * math.cos(radians)
        with pdf.rotation(-angle, *place):
            wide = pdf.get_string_width(char)
            pdf.text(place[0] - wide / 2, place[1] + height * 0.36, char)


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for number in range(10):
        reach = radius if number % 2 == 0 else radius * 0.382
        angle = math.radians(36 * number)
        points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    return points
