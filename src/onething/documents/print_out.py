"""Draw a printout; loads what handles fonts."""

from collections.abc import Sequence
from datetime import datetime

from onething.documents.page import LEFT_MM, RED, Paper
from onething.documents.printout import Printout, Seal, Table
from onething.documents.seal import RADIUS_MM, draw_seal
from onething.documents.typesetting import lines

_LABEL_MM = 40.0
_LINE_MM = 6.2
_QR_MM = 30.0
_FOOT_MM = 2 * RADIUS_MM + 5
_SMALL, _TEXT = 9.0, 10.5


def print_out(printout: Printout, now: datetime) -> bytes:
    """Draw a printout; the same one at the same instant gives the same bytes."""
    paper = Paper(
        printout.title,
        printout.footer,
        now,
        is_wide=printout.is_wide,
        page_label=printout.page_label,
        language="zh-CN" if printout.language == "zh" else printout.language,
    )
    _head(paper, printout)
    _facts(paper, printout.facts)
    for table in printout.tables:
        _table(paper, table, _SMALL if printout.is_wide else _TEXT)
    _foot(paper, printout)
    return bytes(paper.output())


def _head(paper: Paper, printout: Printout) -> None:
    paper.set_text_color(*RED)
    paper.set_draw_color(*RED)
    paper.centred(printout.issuer, paper.fitting(printout.issuer, 14, 10), 8)
    paper.set_draw_color(*RED)
    paper.set_text_color(0)
    paper.set_line_width(0.5)
    paper.line(LEFT_MM, paper.get_y() + 1, LEFT_MM + paper.width_mm, paper.get_y() + 1)
    paper.set_draw_color(0)
    paper.gap(6)
    paper.centred(printout.title, 20, 11, bold=True)
    paper.gap(4)


def _facts(paper: Paper, facts: Sequence[tuple[str, str]]) -> None:
    for label, value in facts:
        paper.row([label, value], [_LABEL_MM, paper.width_mm - _LABEL_MM], size=_TEXT)


def _table(paper: Paper, table: Table, size: float) -> None:
    if not table.rows and not table.empty:
        return
    paper.gap(4)
    if paper.will_page_break(24):
        paper.add_page()
    if table.title:
        paper.paragraph(table.title, size=12, height=8, plain=True)
    if table.rows:
        paper.grid(list(table.heads), table.rows, size)
    else:
        paper.paragraph(table.empty, size=_TEXT, height=_LINE_MM, plain=True)


def _foot(paper: Paper, printout: Printout) -> None:
    """Draw notes, QR code and place of the seal, kept together on one page."""
    is_signed = bool(printout.qr) or printout.seal is not None
    paper.set_font("serif", size=_TEXT)
    wide = paper.get_string_width
    count = sum(len(lines(one, paper.width_mm, wide)) for one in printout.notes)
    if paper.will_page_break(4 + count * _LINE_MM + (_FOOT_MM if is_signed else 0)):
        paper.add_page()
    paper.gap(4)
    for text in printout.notes:
        paper.paragraph(text, size=_TEXT, height=_LINE_MM, plain=True)
    paper.gap(4)
    top = paper.get_y()
    if printout.qr:
        paper.qr(printout.qr, LEFT_MM, top, _QR_MM)
        paper.set_y(top + _QR_MM + 1)
        paper.paragraph(printout.qr_label, size=8, height=4, plain=True)
    if printout.seal is not None:
        _seal(paper, printout.seal, top)


def _seal(paper: Paper, seal: Seal, top: float) -> None:
    centre = LEFT_MM + paper.width_mm - 42
    paper.set_font("serif", size=_TEXT)
    for number, text in enumerate(seal.signed):
        paper.set_xy(centre - 42, top + 13 + number * 7)
        paper.cell(84, 7, paper.drawable(text), align="C")
    draw_seal(paper, centre, top + RADIUS_MM, paper.drawable(seal.authority), seal.name)
