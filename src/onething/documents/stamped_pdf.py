"""Stamped copies of PDF files, made by a process of its own that ends in time.

A file from outside may hold what inflates without end: the process that reads it has bounded
time and memory, and no copy is better than one without the mark.
"""

import json
import struct
import subprocess
import sys
from pathlib import Path

from fpdf import FPDF

from onething.documents.serif import FAMILY, put_into
from onething.documents.stamp import Stamp
from onething.errors import NotStampable

MOST_PAGES = 500
_SIDE_PT = 600
_ANGLE = 28
_GREY = 90
_OPACITY = 0.33
_SIZE_PT = 13
_STEP = (300, 150)
_WAIT_S = 40
_ENCRYPTED = 3
_MANY_PAGES = 4
_STAMPER = Path(__file__).with_name("stamping_process.py")
_ADVICE = {
    _ENCRYPTED: "PDF 有打开密码，不能加盖用途水印；请去掉密码后重新提交 "
    "(the PDF asks for a password: give one without)",
    _MANY_PAGES: f"PDF 超过 {MOST_PAGES} 页；请分开提交 (the PDF has too many pages: split it)",
}
_BROKEN = (
    "PDF 已损坏或过于复杂，不能加盖用途水印，不予显示；请重新打印成 PDF 后提交 "
    "(the PDF is damaged or too complex to be stamped: print it to a new PDF and give that)"
)


def stamped_pdf(content: bytes, stamp: Stamp) -> bytes:
    """Make a copy of the pages with the mark on each, and without anything that acts.

    Raises:
        NotStampable: It asks for a password, is damaged, or takes too long; the message says
            what to do.
    """
    return _run({"pages": MOST_PAGES, "side": _SIDE_PT}, _mark(stamp), content)


def require_stampable(content: bytes) -> None:
    """Raise NotStampable for a PDF of which no stamped copy can be made."""
    _run({"pages": MOST_PAGES, "check": True}, b"", content)


def _run(told: dict[str, object], mark: bytes, content: bytes) -> bytes:
    """Give head, mark and file to the process; each with its length in front."""
    parts = (json.dumps(told).encode(), mark, content)
    sent = b"".join(struct.pack(">Q", len(part)) + part for part in parts)
    try:
        done = subprocess.run(  # noqa: S603 - our own file, under this interpreter
            [sys.executable, "-I", str(_STAMPER)],
            input=sent,
            capture_output=True,
            timeout=_WAIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotStampable(_BROKEN) from error
    if done.returncode != 0:
        raise NotStampable(_ADVICE.get(done.returncode, _BROKEN))
    return done.stdout


def _mark(stamp: Stamp) -> bytes:
    """Draw the mark over a square that the process lays over each page."""
    pdf = FPDF(unit="pt", format=(_SIDE_PT, _SIDE_PT))
    pdf.set_auto_page_break(auto=False)
    known = put_into(pdf).characters
    pdf.add_page()
    pdf.set_font(FAMILY, size=_SIZE_PT)
    pdf.set_text_color(_GREY)
    lines = ["".join(one for one in line if ord(one) in known) for line in stamp.lines]
    with pdf.local_context(fill_opacity=_OPACITY):
        for row, y in enumerate(range(60, _SIDE_PT + _STEP[1], _STEP[1])):
            for x in range(150 - (row % 2) * 150, _SIDE_PT + _STEP[0], _STEP[0]):
                with pdf.rotation(_ANGLE, x, y):
                    for number, line in enumerate(lines):
                        left = x - pdf.get_string_width(line) / 2
                        pdf.text(left, y + number * _SIZE_PT * 1.4, line)
    return bytes(pdf.output())
