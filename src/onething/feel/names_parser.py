"""Parse names: of variables, members, keys, parameters, and those being bound.

Source: DMN 1.5, 10.3.1.2, rules 22 to 29.
"""

from typing import TYPE_CHECKING, Final

from onething.feel.names import NAME_SYMBOLS, words
from onething.feel.nodes import Name
from onething.feel.tokens import unquote

if TYPE_CHECKING:
    from onething.feel.parser import Parser

_RESERVED: Final = frozenset({"then", "else", "return", "satisfies", "and", "or", "in", "between"})


def argument_name(parser: "Parser") -> str | None:
    """Take `name:` when one comes next."""
    end = parser.at
    while parser.tokens[end].kind in {"word", "number"} or parser.tokens[end].text in NAME_SYMBOLS:
        end += 1
    if parser.tokens[end].text != ":" or end == parser.at:
        return None
    return key_until(parser, end)


def key_until(parser: "Parser", end: int) -> str:
    """Take the name that stands before a colon, its blanks made single."""
    text = parser.text[parser.token.start : parser.tokens[end - 1].end]
    parser.at = end + 1
    return " ".join(text.split())


def key(parser: "Parser") -> str:
    """Parse the key of a context entry with its colon."""
    if parser.token.kind == "string":
        key = unquote(parser.token.text)
        parser.at += 1
        parser.expect(":")
        return key
    end = parser.at
    while parser.tokens[end].kind != "end" and parser.tokens[end].text not in {":", "{", "}", ","}:
        end += 1
    if end == parser.at or parser.tokens[end].text != ":":
        raise parser.error("expected a key and a colon")
    return key_until(parser, end)


def name(parser: "Parser", known: tuple[str, int] | None) -> Name:
    """Take a name: the longest known one, or the words up to the next symbol."""
    name, length = words(parser.tokens, parser.at)
    if known is not None and known[1] >= length:
        name, length = known
    elif parser.token.text in _RESERVED:
        raise parser.error("expected a value")
    parser.at += length
    parser.note_use(name)
    return Name(name)


def member_name(parser: "Parser") -> str:
    """Take the name after a dot."""
    if parser.token.kind != "word":
        raise parser.error("expected a name after the dot")
    name, length = words(parser.tokens, parser.at)
    known = parser.known.match(parser.tokens, parser.at)
    if known is not None and known[1] > length:
        name, length = known
    parser.at += length
    return name


def new_name(parser: "Parser", *ends: str) -> str:
    """Take a name that is being bound, up to one of the given tokens."""
    end = parser.at
    while parser.tokens[end].kind in {"word", "number"} or parser.tokens[end].text in NAME_SYMBOLS:
        if parser.tokens[end].text in ends:
            break
        end += 1
    if end == parser.at or parser.token.kind != "word":
        raise parser.error("expected a name")
    text = parser.text[parser.token.start : parser.tokens[end - 1].end]
    parser.at = end
    return " ".join(text.split())
