"""Parse the types that follow `instance of` and parameters.

Source: DMN 1.5, 10.3.1.2, rules 54 to 56 and 66.
"""

from typing import TYPE_CHECKING

from onething.feel.names import STOP_WORDS
from onething.feel.names_parser import key
from onething.feel.nodes import TypeNode

if TYPE_CHECKING:
    from onething.feel.parser import Parser

_BUILT_IN = (
    ("years", "and", "months", "duration"),
    ("days", "and", "time", "duration"),
    ("date", "and", "time"),
)


def parse_type(parser: "Parser") -> TypeNode:
    """Parse one type; raise ExpressionSyntaxError."""
    with parser.nested():
        name = _type_name(parser)
        if not parser.is_next("<"):
            return TypeNode(name)
        parser.at += 1
        if name == "context":
            return TypeNode(name, members=_members(parser))
        arguments = _arguments(parser)
        if name != "function":
            return TypeNode(name, arguments)
        parser.expect("->")
        return TypeNode(name, arguments, result=parse_type(parser))


def _type_name(parser: "Parser") -> str:
    for row in _BUILT_IN:
        if tuple(parser.ahead(step).text for step in range(len(row))) == row:
            parser.at += len(row)
            return " ".join(row)
    parts = []
    while parser.token.kind == "word" and parser.token.text not in STOP_WORDS:
        parts.append(parser.token.text)
        parser.at += 1
        if parser.is_next(".") and parser.ahead().kind == "word":
            parser.at += 1
            parts[-1] += "." + parser.token.text
            parser.at += 1
    if not parts:
        raise parser.error("expected a type")
    return " ".join(parts)


def _members(parser: "Parser") -> tuple[tuple[str, TypeNode], ...]:
    members: list[tuple[str, TypeNode]] = []
    while not parser.accept(">"):
        if members:
            parser.expect(",")
        name = key(parser)
        members.append((name, parse_type(parser)))
    return tuple(members)


def _arguments(parser: "Parser") -> tuple[TypeNode, ...]:
    arguments: list[TypeNode] = []
    while not parser.accept(">"):
        if arguments:
            parser.expect(",")
        arguments.append(parse_type(parser))
    return tuple(arguments)
