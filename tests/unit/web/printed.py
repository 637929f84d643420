"""The text of a PDF, as the tests of printouts read it."""

import re
from io import BytesIO

from pypdf import PdfReader


def pages_of(answer) -> list[str]:
    """Return the text of each page of a PDF that was answered, without blanks."""
    # pypdf reads the two-byte codes of an embedded CMap byte by byte: the high ones are NUL
    reader = PdfReader(BytesIO(answer.data))
    return [re.sub(r"[\s\x00]", "", page.extract_text()) for page in reader.pages]


def text_of(answer) -> str:
    """Return the text of a PDF that was answered, without blanks."""
    return "".join(pages_of(answer))
