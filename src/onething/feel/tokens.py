"""Cut the text of an expression into tokens.

Names with spaces are no matter of this step: every word is a token of its own, the
parser joins them. Source: DMN 1.5, 10.3.1.2, rules 22 to 38.
"""

import re
from typing import Literal, NamedTuple

from onething.errors import ExpressionSyntaxError

TokenKind = Literal["word", "number", "string", "at", "symbol", "end"]

_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF"
    r"\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD"
    r"\U00010000-\U000EFFFF"
)
_SPACE = r"\s\u180e\u200b\ufeff"
_TOKEN = re.compile(
    rf"""
      (?P<space>  [{_SPACE}]+ | //[^\n\r]* | /\*(?:[^*]|\*(?!/))*\*/ )
    | (?P<number> (?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)? )
    | (?P<word>   [{_START}][{_START}0-9\u00B7\u0300-\u036F\u203F-\u2040]* )
    | (?P<at>     @[{_SPACE}]*"(?:[^"\\]|\\.)*" )
    | (?P<string> "(?:[^"\\]|\\.)*" )
    | (?P<symbol> \*\* | <= | >= | != | \.\. | -> | [^"] )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_MOST_CODE_POINT = 0x10FFFF


class Token(NamedTuple):
    """One token with its place in the text."""

    kind: TokenKind
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return all tokens of a text, an `end` token last.

    Raises ExpressionSyntaxError for a string or comment without end.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise syntax_error(text, at, 'the string is not closed with "')
        kind = found.lastgroup
        if kind == "symbol" and text.startswith("/*", at):
            raise syntax_error(text, at, "the comment is not closed with */")
        if kind != "space":
            tokens.append(Token(kind, found.group(), at, found.end()))  # type: ignore[arg-type] # the pattern's group names are the kinds
        at = found.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def syntax_error(text: str, at: int, message: str) -> ExpressionSyntaxError:
    """Return the error for an offset of the text, with line and column counted from 1."""
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return ExpressionSyntaxError(message, line, column)


def unquote(literal: str) -> str:
    """Return the text that a string literal with its quotes stands for."""
    body = literal[literal.index('"') + 1 : -1]
    if "\\" not in body:
        return body
    plain = _ESCAPE.sub(_unescape, body)
    # two escapes may be the halves of one character, as JSON writes it
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescape(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        point = int(code, 16)
        return chr(point) if point <= _MOST_CODE_POINT else "\ufffd"
    return _ESCAPES.get(found[3], found[0])
