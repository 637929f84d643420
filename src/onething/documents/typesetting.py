"""Breaking Chinese text into lines.

Source: GB/T 15834-2011 §5 (marks that may not begin or end a line).
"""

import re
from collections.abc import Callable, Iterator

_NOT_FIRST = frozenset(
    ",.:;!?)]%\u3001\u3002\uff0c\uff1a\uff1b\uff01\uff1f\uff09\u3015\u3011\u300b\u3009\u300d\u300f"
    "\u201d\u2019\u2026\u2014\uff05"
)
_NOT_LAST = frozenset("([\uff08\u3014\u3010\u300a\u3008\u300c\u300e\u201c\u2018")
_RUN = re.compile(r"[A-Za-z0-9.,:/@_+#&=-]+|\s|.", re.DOTALL)


def lines(text: str, width: float, measure: Callable[[str], float], indent: float = 0) -> list[str]:
    """Break a text into lines that fit.

    Args:
        text: one paragraph; line feeds in it break.
        width: of a line, in the unit of `measure`.
        measure: gives the width of a text.
        indent: taken off the first line.
    """
    if "\n" not in text and text[:1] != " " and measure(text) <= width - indent:
        return [text]
    found: list[str] = []
    for paragraph in text.split("\n"):
        found += _broken(paragraph, width, measure, indent if not found else 0)
    return found


def _broken(
    text: str, width: float, measure: Callable[[str], float], indent: float
) -> Iterator[str]:
    line = ""
    room = width - indent
    for piece in _pieces(text, width, measure):
        if line and measure(line + piece) > room and piece[0] not in _NOT_FIRST:
            held = line[-1] if line[-1] in _NOT_LAST and len(line) > 1 else ""
            yield line[: len(line) - len(held)].rstrip()
            line, room = held, width
        line += piece if line or piece != " " else ""
    yield line


def _pieces(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """Give the parts that stay together: a Latin word, or one character; long words are cut."""
    for match in _RUN.finditer(text):
        piece = match[0]
        if len(piece) > 1 and measure(piece) > width:
            yield from piece
        else:
            yield piece


def longest_piece(measure: Callable[[str], float], whole_chars: int) -> Callable[[str], float]:
    """Give a function that tells the width of the longest part of a text that stays together.

    A text of at most `whole_chars` characters stays together as a whole.
    """
    return lambda text: (
        measure(text)
        if len(text) <= whole_chars
        else max(map(measure, _RUN.findall(text)), default=0.0)
    )
