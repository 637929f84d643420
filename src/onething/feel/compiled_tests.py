"""Compile ranges and tests: intervals, `between`, `in`, decision table cells.

Source: DMN 1.5, 7.3.3 (unary tests), 10.3.2.7 and 10.3.2.8.
"""

from collections.abc import Iterable

from onething.feel import nodes
from onething.feel.compiled import Compile
from onething.feel.environment import Code, Scope
from onething.feel.operations import passes
from onething.feel.values import UNSET, Range, Value, equal, order

INPUT = "?"
"""The name of a cell's input value."""


def range_(compile_: Compile, node: nodes.RangeOf) -> Code:
    """Compile an interval."""
    start = compile_(node.start) if node.start is not None else _unset
    end = compile_(node.end) if node.end is not None else _unset

    def code(scope: Scope) -> Value:
        return Range(start(scope), end(scope), node.start_included, node.end_included)

    return code


def _unset(_: Scope) -> Value:
    return UNSET


def comparison(compile_: Compile, node: nodes.Comparison) -> Code:
    """Compile `= x` or `!= x` standing alone: it compares with the cell's input."""
    return compile_(nodes.Binary(node.operator, nodes.Name(INPUT), node.operand))


def between(compile_: Compile, node: nodes.Between) -> Code:
    """Compile `value between low and high`."""
    value, low, high = compile_(node.value), compile_(node.low), compile_(node.high)

    def code(scope: Scope) -> Value:
        found = value(scope)
        above, below = order(found, low(scope)), order(found, high(scope))
        if (above is not None and above < 0) or (below is not None and below > 0):
            return None if above is None or below is None else False
        return None if above is None or below is None else True

    return code


def in_(compile_: Compile, node: nodes.In) -> Code:
    """Compile `value in tests`."""
    value = compile_(node.value)
    checks = [_check(compile_, test) for test in node.tests]

    def code(scope: Scope) -> Value:
        found = value(scope)
        return any_of(check(found, scope) for check in checks)

    return code


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Return the disjunction of three-valued answers, the first true one decides."""
    result: bool | None = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            result = None
    return result


class _Check:
    """One test after `in`, asked with a value."""

    __slots__ = ("code", "operator")

    def __init__(self, code: Code, operator: str | None) -> None:
        self.code = code
        self.operator = operator

    def __call__(self, value: Value, scope: Scope) -> bool | None:
        test = self.code(scope)
        if self.operator is None:
            return passes(value, test)
        same = equal(value, test)
        return same if self.operator == "=" or same is None else not same


def _check(compile_: Compile, test: nodes.Node) -> _Check:
    if isinstance(test, nodes.Comparison):
        return _Check(compile_(test.operand), test.operator)
    return _Check(compile_(test), None)


def tests(compile_: Compile, node: nodes.Tests) -> Code:
    """Compile the tests of a table cell; the input stands under `?` in the scope."""
    if node.anything:
        return lambda _scope: True
    checks = [_cell_check(compile_, test) for test in node.tests]

    def code(scope: Scope) -> Value:
        value = scope.names[INPUT]
        answer = any_of(check(value, scope) for check in checks)
        if not node.negated:
            return answer
        return None if answer is None else not answer

    return code


class _CellCheck:
    """One test of a cell that is an expression: a condition on `?`, or a value to meet."""

    __slots__ = ("asks_input", "code")

    def __init__(self, code: Code, *, asks_input: bool) -> None:
        self.code = code
        self.asks_input = asks_input

    def __call__(self, value: Value, scope: Scope) -> bool | None:
        test = self.code(scope)
        if self.asks_input:
            return test if isinstance(test, bool) else passes(value, test)
        if test is True and not isinstance(value, bool):
            return True
        return passes(value, test)


def _cell_check(compile_: Compile, test: nodes.Node) -> "_Check | _CellCheck":
    if isinstance(test, nodes.Comparison):
        return _Check(compile_(test.operand), test.operator)
    return _CellCheck(compile_(test), asks_input=nodes.mentions(test, INPUT))
