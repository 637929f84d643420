"""Parse unary tests: table cells and what follows `in`.

Source: DMN 1.5, 10.3.1.2, rules 7 to 17 and 49c.
"""

from typing import TYPE_CHECKING, Final

from onething.feel import nodes
from onething.feel.nodes import Node

if TYPE_CHECKING:
    from onething.feel.parser import Parser

COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "=", "!="})
COMPARING: Final = 30


def in_tests(parser: "Parser") -> tuple[Node, ...]:
    """Parse what follows `in`: one test, or several in round brackets."""
    if not parser.is_next("("):
        return (unary_test(parser, COMPARING),)
    parser.at += 1
    with parser.nested():
        tests = _row_of_tests(parser)
        if len(tests) == 1 and parser.is_next(".."):
            return (parser.climb(interval(parser, tests[0], start_included=False), COMPARING),)
    parser.expect(")")
    if len(tests) == 1:
        return (parser.climb(tests[0], COMPARING),)
    return tests


def unary_test(parser: "Parser", binding: int = 0) -> Node:
    """Parse one unary test: `< 5`, an interval, or an expression."""
    if parser.token.kind == "symbol" and parser.token.text in COMPARISONS:
        return unary_comparison(parser)
    return parser.expression(binding)


def unary_comparison(parser: "Parser") -> Node:
    """Parse `< 5` and its like."""
    operator = parser.token.text
    parser.at += 1
    operand = parser.expression(COMPARING)
    if operator in {"<", "<="}:
        return nodes.RangeOf(None, operand, start_included=False, end_included="=" in operator)
    if operator in {">", ">="}:
        return nodes.RangeOf(operand, None, start_included="=" in operator, end_included=False)
    return nodes.Comparison(operator, operand)


def unary_tests(parser: "Parser") -> nodes.Tests:
    """Parse the tests of a whole table cell."""
    if parser.is_at_end():
        return nodes.Tests((), anything=True)
    if parser.is_next("-") and parser.ahead().kind == "end":
        parser.at += 1
        return nodes.Tests((), anything=True)
    start = parser.at
    if parser.is_next("not") and parser.ahead().text == "(":
        parser.at += 2
        tests = _row_of_tests(parser)
        parser.expect(")")
        if parser.is_at_end():
            return nodes.Tests(tests, negated=True)
        parser.at = start  # the function `not` begins a longer expression
    return nodes.Tests(_row_of_tests(parser))


def _row_of_tests(parser: "Parser") -> tuple[Node, ...]:
    tests = [unary_test(parser)]
    while parser.accept(","):
        tests.append(unary_test(parser))
    return tuple(tests)


def endpoint(parser: "Parser") -> Node:
    """Parse one end of an interval."""
    outside, parser.in_endpoint = parser.in_endpoint, True
    end = parser.right_operand(COMPARING)
    parser.in_endpoint = outside
    return end


def interval(parser: "Parser", start: Node, *, start_included: bool) -> Node:
    """Parse an interval from `..` on."""
    parser.expect("..")
    end = endpoint(parser)
    closing = parser.token.text
    if not parser.accept("]", ")", "["):
        raise parser.error("expected ], ) or [ at the end of the interval")
    return nodes.RangeOf(start, end, start_included, end_included=closing == "]")
