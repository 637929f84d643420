"""The paper: A4, embedded fonts, footer, and the few ways text stands on it.

Source: GB/T 9704-2012 (sizes, margins, red head, place of date and seal), loosely: documents
of this size carry a table and a footer that official letters lack.
"""

from collections.abc import Sequence
from datetime import datetime

import segno
from fpdf import FPDF
from fpdf.enums import TextMode

from onething.documents.serif import put_into
from onething.documents.typesetting import lines, longest_piece

LEFT_MM = 27.0
WIDTH_MM = 156.0
WIDE_MM = 243.0
"""Width of what stands on a page that lies on its side."""
TOP_MM = 22.0
BOTTOM_MM = 30.0
RED = (206, 17, 38)
_GREY = 110
_WIDEST_WORD_MM = 52.0
"""A longer number is cut, so that it leaves room for the words beside it."""
_WHOLE_CHARS = 4
"""So short a text of a table is not broken."""
_MISSING = "〓"
"""Stands for a character that the font lacks, as printers did."""


class Paper(FPDF):
    """One document being drawn."""

    def __init__(  # noqa: PLR0913 - what is the same on every page
        self,
        title: str,
        footer: tuple[str, str],
        now: datetime,
        leading: float = 1,
        *,
        is_wide: bool = False,
        page_label: str = "第 {} 页",
        language: str = "zh-CN",
    ) -> None:
        super().__init__(unit="mm", format="A4", orientation="landscape" if is_wide else "portrait")
        self.width_mm = WIDE_MM if is_wide else WIDTH_MM
        self._footer = footer
        self._page_label = page_label
        self._leading = leading
        self._repeated: tuple[list[str], list[float], float] | None = None
        self.c_margin = 0
        self.set_margins(LEFT_MM, TOP_MM, self.w - LEFT_MM - self.width_mm)
        self.set_auto_page_break(auto=True, margin=BOTTOM_MM)
        self._known = put_into(self).characters
        self.set_creation_date(now)
        self.set_title(title)
        self.set_creator("onething")
        self.set_producer("onething")
        self.set_lang(language)
        self.add_page()

    def drawable(self, text: str) -> str:
        """Replace what the font cannot draw, so that nothing vanishes unseen."""
        known = self._known
        return "".join(char if ord(char) in known or char == "\n" else _MISSING for char in text)

    def footer(self) -> None:
        """Draw number, check code and page on every page."""
        self.set_y(-22)
        self.set_draw_color(180)
        self.line(LEFT_MM, self.get_y(), LEFT_MM + self.width_mm, self.get_y())
        self.set_font("serif", size=8)
        self.set_text_color(_GREY)
        self.set_y(-20.5)
        for text in self._footer:
            self.cell(self.width_mm, 4, self.drawable(text), new_x="LMARGIN", new_y="NEXT")
        self.set_xy(LEFT_MM, -20.5)
        self.cell(self.width_mm, 4, self._page_label.format(self.page_no()), align="R")
        self.set_text_color(0)
        self.set_draw_color(0)

    def centred(self, text: str, size: float, height: float, *, bold: bool = False) -> None:
        """Set lines in the middle of the page; bold draws strokes, for the font has one weight."""
        self.set_font("serif", size=size)
        mode = TextMode.FILL_STROKE if bold else TextMode.FILL
        for line in lines(self.drawable(text), self.width_mm, self.get_string_width):
            with self.local_context(text_mode=mode, line_width=0.25):
                self.cell(self.width_mm, height, line, align="C")
            self.ln(height)

    def gap(self, height: float) -> None:
        """Leave room below, less where lines stand close."""
        self.ln(height * self._leading)

    def fitting(self, text: str, size: float, least: float = 14) -> float:
        """Give the largest size, at most `size`, at which a text stands on one line."""
        self.set_font("serif", size=size)
        wide = self.get_string_width(self.drawable(text))
        return size if wide <= self.width_mm else max(least, size * self.width_mm / wide * 0.99)

    def paragraph(
        self, text: str, size: float = 14, height: float = 9, *, plain: bool = False
    ) -> None:
        """Set a paragraph, its first line two characters in; `plain`: not in."""
        self.set_font("serif", size=size)
        height *= self._leading
        indent = 0.0 if plain else self.get_string_width("东营")
        for number, line in enumerate(
            lines(self.drawable(text), self.width_mm, self.get_string_width, indent)
        ):
            offset = 0.0 if number else indent
            self.set_x(LEFT_MM + offset)
            self.cell(self.width_mm - offset, height, line, new_x="LMARGIN", new_y="NEXT")

    def row(
        self, cells: list[str], widths: list[float], *, head: bool = False, size: float = 12
    ) -> None:
        """Draw one line of a table, as high as its highest cell."""
        self.set_font("serif", size=size)
        height = size * 0.5
        broken = [
            lines(self.drawable(cell), width - 4, self.get_string_width)
            for cell, width in zip(cells, widths, strict=True)
        ]
        tall = max(len(cell) for cell in broken) * height + 3.4 * self._leading
        if self.will_page_break(tall):
            self.add_page()
        x, y = LEFT_MM, self.get_y()
        for number, (cell, width) in enumerate(zip(broken, widths, strict=True)):
            shaded = head or (number == 0 and len(cells) == 2)  # noqa: PLR2004 - label and value
            self._cell(x, y, width, tall, cell, height, shaded=shaded)
            x += width
        self.set_y(y + tall)

    def header(self) -> None:
        """Draw the head of the table that goes on here."""
        if self._repeated is not None:
            cells, widths, size = self._repeated
            self.row(cells, widths, head=True, size=size)

    def grid(self, heads: list[str], rows: Sequence[Sequence[str]], size: float) -> None:
        """Draw a table, its head on every page on which it stands."""
        widths = self._widths(heads, rows, size)
        if self.will_page_break(size * 1.8):
            self.add_page()
        self.row(heads, widths, head=True, size=size)
        self._repeated = heads, widths, size
        for row in rows:
            self.row(list(row), widths, size=size)
        self._repeated = None

    def _widths(self, heads: list[str], rows: Sequence[Sequence[str]], size: float) -> list[float]:
        """Give each column what its longest word needs, and share out the rest by its text.

        Short texts count as one word: a heading such as 申请人 is not broken.
        """
        self.set_font("serif", size=size)
        columns = [set(one) for one in zip(heads, *rows, strict=True)]
        piece = longest_piece(self.get_string_width, _WHOLE_CHARS)
        pieces = (max(map(piece, one)) for one in columns)
        least = [min(_WIDEST_WORD_MM, one + 4.5) for one in pieces]
        wanted = [min(60.0, max(map(self.get_string_width, one)) + 4.5) for one in columns]
        if sum(least) >= self.width_mm:
            return _narrowed(least, self.width_mm)
        more = [max(want - need, 0.0) + 1 for want, need in zip(wanted, least, strict=True)]
        rest = self.width_mm - sum(least)
        return [need + rest * share / sum(more) for need, share in zip(least, more, strict=True)]

    def _cell(  # noqa: PLR0913 - a rectangle and what stands in it
        self,
        x: float,
        y: float,
        width: float,
        tall: float,
        text: list[str],
        height: float,
        *,
        shaded: bool,
    ) -> None:
        self.set_fill_color(246 if shaded else 255)
        self.set_draw_color(120)
        self.set_line_width(0.2)
        self.rect(x, y, width, tall, style="DF")
        top = y + (tall - len(text) * height) / 2
        for number, line in enumerate(text):
            self.set_xy(x + 2, top + number * height)
            self.cell(width - 4, height, line, align="C" if shaded else "L")
        self.set_draw_color(0)

    def qr(self, text: str, x: float, y: float, size: float) -> None:
        """Draw a QR code (ISO/IEC 18004), level M."""
        matrix = segno.make(text, error="m", micro=False).matrix
        module = size / len(matrix)
        self.set_fill_color(0)
        for row, modules in enumerate(matrix):
            for column, dark in enumerate(modules):
                if dark:
                    self.rect(x + column * module, y + row * module, module, module, style="F")


def _narrowed(least: Sequence[float], room: float) -> list[float]:
    """Narrow the widest columns until all fit, so that the others keep their words whole."""
    left = room
    for place, width in enumerate(sorted(least)):
        share = left / (len(least) - place)
        if width > share:
            return [min(one, share) for one in least]
        left -= width
    return list(least)
