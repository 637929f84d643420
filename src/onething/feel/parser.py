"""Parse FEEL: a Pratt parser over tokens, names found by what is in scope.

This module holds the operators; operands, names, keywords, tests and types stand in
`…_parser` modules beside it. Source: DMN 1.5, 10.3.1.2 (grammar rules 1 to 66).
"""

from collections.abc import Iterable
from typing import Final

from onething.errors import ExpressionLimitExceeded
from onething.feel import nodes
from onething.feel.cursor import Cursor
from onething.feel.names_parser import argument_name, member_name
from onething.feel.nodes import Node
from onething.feel.operands_parser import operand
from onething.feel.tests_parser import COMPARING, COMPARISONS, in_tests, unary_tests
from onething.feel.types_parser import parse_type

_BINDING: Final[dict[str, int]] = {
    "or": 10, "and": 20,
    **dict.fromkeys(COMPARISONS | {"between", "in"}, COMPARING),
    "+": 40, "-": 40, "*": 50, "/": 50, "**": 60,
    "instance": 80, "[": 90, "(": 90, ".": 90,
}  # fmt: skip


class Parser(Cursor):
    """Parses one text: operators by their binding, everything else by its first token."""

    def whole(self) -> Node:
        """Parse the whole text as one expression."""
        node = self.expression()
        self.finish()
        return node

    def expression(self, binding: int = 0) -> Node:
        """Parse an expression whose operators bind tighter than `binding`."""
        with self.nested():
            return self.climb(operand(self), binding)

    def climb(self, left: Node, binding: int) -> Node:
        """Take further operators and operands onto an operand."""
        rounds = 0
        while True:
            operator = self.token.text if self.token.kind in {"symbol", "word"} else ""
            strength = _BINDING.get(operator, 0)
            if strength <= binding or self.closes_endpoint(operator):
                return left
            rounds += operator not in {"and", "or"}
            if rounds > self.nesting:
                raise ExpressionLimitExceeded(f"more than {self.nesting} operators in one row")
            left = self.infix(left, operator, strength)

    def closes_endpoint(self, operator: str) -> bool:
        """Tell whether `[` closes an interval such as `]1..5[` instead of opening a filter."""
        if operator != "[" or not self.in_endpoint:
            return False
        after = self.ahead()
        return after.kind == "end" or after.text in {
            ")",
            "]",
            "}",
            ",",
            "and",
            "or",
            "then",
            "else",
        }

    def infix(self, left: Node, operator: str, strength: int) -> Node:
        """Parse what follows an operand and its operator."""
        self.at += 1
        if operator in {"and", "or"}:
            return self.junction(left, operator, strength)
        special = _INFIX.get(operator)
        if special is not None:
            return special(self, left)
        return nodes.Binary(operator, left, self.right_operand(strength))

    def membership(self, value: Node) -> Node:
        """Parse the tests after `in`."""
        return nodes.In(value, in_tests(self))

    def instance(self, value: Node) -> Node:
        """Parse `of type` after `instance`."""
        self.expect("of")
        return nodes.InstanceOf(value, parse_type(self))

    def path(self, value: Node) -> Node:
        """Parse the name after a dot."""
        return nodes.Path(value, member_name(self))

    def right_operand(self, strength: int) -> Node:
        """Parse a right operand inside or outside an interval's end."""
        endpoint = self.in_endpoint
        with self.nested():
            self.in_endpoint = endpoint
            return self.climb(operand(self), strength)

    def junction(self, left: Node, operator: str, strength: int) -> Node:
        """Parse a row of `and` or `or` into one node, so that long rows stay flat."""
        operands = [left, self.expression(strength)]
        while self.accept(operator):
            operands.append(self.expression(strength))
        return nodes.Junction("and" if operator == "and" else "or", tuple(operands))

    def between(self, value: Node) -> Node:
        """Parse `low and high` after `between`."""
        low = self.expression(COMPARING)
        self.expect("and")
        return nodes.Between(value, low, self.expression(COMPARING))

    def filter(self, value: Node) -> Node:
        """Parse the condition of a filter after `[`."""
        with self.bound("item"):
            condition = self.expression()
        self.expect("]")
        return nodes.Filter(value, condition)

    def call(self, function: Node) -> Node:
        """Parse the arguments of a call after `(`."""
        names: list[str] = []
        arguments: list[Node] = []
        while not self.accept(")"):
            if arguments:
                self.expect(",")
            name = argument_name(self)
            if (name is None) != (len(names) == 0) and arguments:
                raise self.error("expected all arguments by name or all by position")
            if name is not None:
                names.append(name)
            arguments.append(self.expression())
        return nodes.Call(function, tuple(arguments), tuple(names))


_INFIX: Final = {
    "between": Parser.between,
    "in": Parser.membership,
    "instance": Parser.instance,
    "[": Parser.filter,
    "(": Parser.call,
    ".": Parser.path,
}


def parse(
    text: str, names: Iterable[str], functions: Iterable[str], nesting: int
) -> tuple[Node, frozenset[str]]:
    """Return the tree of an expression and the names it takes from outside.

    Raises ExpressionSyntaxError, ExpressionLimitExceeded.
    """
    parser = Parser(text, names, functions, nesting)
    return parser.whole(), frozenset(parser.free_names)


def parse_unary_tests(
    text: str, names: Iterable[str], functions: Iterable[str], nesting: int
) -> tuple[nodes.Tests, frozenset[str]]:
    """Return the tests of a decision table's input cell, and the names they take.

    Raises ExpressionSyntaxError, ExpressionLimitExceeded.
    """
    parser = Parser(text, [*names, "?"], functions, nesting)
    tests = unary_tests(parser)
    parser.finish()
    return tests, frozenset(parser.free_names - {"?"})
