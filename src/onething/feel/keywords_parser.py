"""Parse what begins with a keyword: `if`, `for`, `some`, `every`, `function`.

Source: DMN 1.5, 10.3.1.2, rules 44 to 48 and 55.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, Literal

from onething.feel import nodes
from onething.feel.names_parser import new_name
from onething.feel.nodes import Node
from onething.feel.types_parser import parse_type

if TYPE_CHECKING:
    from onething.feel.parser import Parser


def conditional(parser: "Parser") -> Node:
    """Parse `if … then … else …`."""
    parser.expect("if")
    condition = parser.expression()
    parser.expect("then")
    yes = parser.expression()
    parser.expect("else")
    return nodes.If(condition, yes, parser.expression())


def iterators(parser: "Parser") -> Iterator[nodes.Iterator]:
    """Parse `a in x, b in y`; the names stay bound for the caller's scope."""
    while True:
        name = new_name(parser, "in")
        parser.expect("in")
        domain = parser.expression()
        end = parser.expression() if parser.accept("..") else None
        yield nodes.Iterator(name, domain, end)
        parser.bind(name)
        if not parser.accept(","):
            return


def loop(parser: "Parser") -> Node:
    """Parse `for … return …`."""
    parser.expect("for")
    with parser.bound():
        rounds = tuple(iterators(parser))
        parser.expect("return")
        parser.bind("partial")
        return nodes.For(rounds, parser.expression())


def quantified(parser: "Parser") -> Node:
    """Parse `some` or `every` … `satisfies …`."""
    every = parser.accept("every")
    if not every:
        parser.expect("some")
    with parser.bound():
        rounds = tuple(iterators(parser))
        parser.expect("satisfies")
        kind: Literal["some", "every"] = "every" if every else "some"
        return nodes.Quantified(kind, rounds, parser.expression())


def function(parser: "Parser") -> Node:
    """Parse `function(parameters) body`."""
    parser.expect("function")
    parser.expect("(")
    parameters: list[tuple[str, nodes.TypeNode | None]] = []
    while not parser.accept(")"):
        if parameters:
            parser.expect(",")
        name = new_name(parser, ":", ",", ")")
        parameters.append((name, parse_type(parser) if parser.accept(":") else None))
    with parser.bound(*(name for name, _ in parameters)):
        external = parser.accept("external")
        return nodes.Lambda(tuple(parameters), parser.expression(), external)


KEYWORDS: Final[dict[str, Callable[["Parser"], Node]]] = {
    "if": conditional,
    "for": loop,
    "some": quantified,
    "every": quantified,
    "function": function,
}
