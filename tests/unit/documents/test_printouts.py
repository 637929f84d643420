"""Printouts: registers, receipts and sheets on paper."""

from datetime import UTC, datetime
from io import BytesIO

from pypdf import PdfReader

from onething.documents.print_out import print_out
from onething.documents.printout import Printout, Table

LONG = "L37050220120260601000404"


def test_of_a_table_that_is_too_wide_only_the_widest_columns_break_their_words():
    heads = ("Applicant", "Case", "Before", "After", "Clerk", "Delivered")
    table = Table("", heads, (("Wang", LONG, LONG, LONG, LONG, "2026-06-01"),))
    printout = Printout("Register", "Bureau", (), (table,), (), ("printed", "here"), "{}", "en")

    page = PdfReader(BytesIO(print_out(printout, datetime(2026, 6, 1, tzinfo=UTC)))).pages[0]

    # pypdf reads the two-byte codes of an embedded CMap byte by byte: the high ones are NUL
    lines = page.extract_text().replace("\x00", "").split("\n")
    assert {"".join(heads), "Wang", "2026-06-01"} <= set(lines)
    assert LONG not in lines
