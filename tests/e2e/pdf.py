"""A small but real PDF to hand in as a material."""

from fpdf import FPDF


def small_pdf(text: str) -> bytes:
    """Return a one-page PDF."""
    paper = FPDF()
    paper.add_page()
    paper.set_font("Helvetica")
    paper.cell(text=text.encode("ascii", "replace").decode())
    return bytes(paper.output())
