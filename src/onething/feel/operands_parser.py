"""Parse operands: literals, brackets, contexts, words.

Source: DMN 1.5, 10.3.1.2, rules 19, 30 to 38, 57 to 59.
"""

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Final

from onething.feel import nodes
from onething.feel.keywords_parser import KEYWORDS
from onething.feel.names_parser import key, name
from onething.feel.nodes import Node
from onething.feel.temporal_text import parse_temporal
from onething.feel.tests_parser import COMPARISONS, endpoint, interval, unary_comparison, unary_test
from onething.feel.tokens import unquote
from onething.feel.values import DECIMAL

if TYPE_CHECKING:
    from onething.feel.parser import Parser

_UNARY: Final = 70
_LITERALS: Final = {"true": True, "false": False, "null": None}


def operand(parser: "Parser") -> Node:
    """Parse an operand: a literal, a name, a bracket or a keyword expression."""
    token = parser.token
    if token.kind == "number":
        return number(parser)
    if token.kind == "string":
        parser.at += 1
        return nodes.Constant(unquote(token.text))
    if token.kind == "at":
        return at_literal(parser)
    if token.kind == "word":
        return word(parser)
    if token.kind == "symbol":
        return symbol(parser)
    raise parser.error("expected a value")


def number(parser: "Parser") -> Node:
    """Parse a number; one beyond 34 digits of mantissa is rounded."""
    try:
        value = DECIMAL.create_decimal(parser.token.text)
    except DecimalException:
        raise parser.error("expected a number that is not too large") from None
    parser.at += 1
    return nodes.Constant(value)


def at_literal(parser: "Parser") -> Node:
    """Parse `@"…"`."""
    value = parse_temporal(unquote(parser.token.text))
    if value is None:
        raise parser.error("expected a date, time or duration in the text after @")
    parser.at += 1
    return nodes.Constant(value)


def symbol(parser: "Parser") -> Node:
    """Parse an operand that begins with a symbol."""
    if parser.accept("-"):
        return negation(parser)
    if parser.accept("("):
        return round_bracket(parser)
    if parser.accept("["):
        return square_bracket(parser)
    if parser.accept("]"):
        return interval(parser, endpoint(parser), start_included=False)
    if parser.accept("{"):
        return context(parser)
    raise parser.error("expected a value")


def negation(parser: "Parser") -> Node:
    """Parse the operand of unary minus; a negated number is a literal."""
    operand = parser.right_operand(_UNARY)
    if isinstance(operand, nodes.Constant) and isinstance(operand.value, Decimal):
        return nodes.Constant(DECIMAL.minus(operand.value))
    return nodes.Negate(operand)


def round_bracket(parser: "Parser") -> Node:
    """Parse `(value)`, `(1..5]` or `(< 5)`."""
    if parser.token.kind == "symbol" and parser.token.text in COMPARISONS:
        test = unary_comparison(parser)
        parser.expect(")")
        if isinstance(test, nodes.Comparison) and test.operator == "=":
            return nodes.RangeOf(test.operand, test.operand, True, True)
        return test
    first = parser.expression()
    if parser.is_next(".."):
        return interval(parser, first, start_included=False)
    parser.expect(")")
    return first


def square_bracket(parser: "Parser") -> Node:
    """Parse a list or an interval."""
    items: list[Node] = []
    while not parser.accept("]"):
        if items:
            parser.expect(",")
        items.append(unary_test(parser))
        if len(items) == 1 and parser.is_next(".."):
            return interval(parser, items[0], start_included=True)
    return nodes.ListOf(tuple(items))


def context(parser: "Parser") -> Node:
    """Parse a context after `{`."""
    entries: list[tuple[str, Node]] = []
    with parser.bound():
        while not parser.accept("}"):
            if entries:
                parser.expect(",")
            entry = key(parser)
            if any(entry == other for other, _ in entries):
                raise parser.error(f"expected each key once, {entry} stands twice")
            entries.append((entry, parser.expression()))
            parser.bind(entry)
            parser.known.add(entry)  # a later path or filter may name it
    return nodes.ContextOf(tuple(entries))


def word(parser: "Parser") -> Node:
    """Parse an operand that begins with a word: keyword expression, literal or name."""
    text = parser.token.text
    known = parser.known_name()
    if known is None or known[0] == text:
        keyword = KEYWORDS.get(text)
        if keyword is not None:
            return keyword(parser)
        if text in _LITERALS and known is None:
            parser.at += 1
            return nodes.Constant(_LITERALS[text])
    return name(parser, known)
