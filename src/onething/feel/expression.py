"""Expressions and unary tests: compiled once, evaluated many times."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from onething.errors import ExpressionLimitExceeded
from onething.feel.compiled import Names
from onething.feel.compiled_tests import INPUT
from onething.feel.compiler import compile_node
from onething.feel.environment import Code, Environment, Run, Scope, limits
from onething.feel.kinds import Type
from onething.feel.library import BUILTINS
from onething.feel.nodes import Constant, Node, Tests
from onething.feel.parser import parse, parse_unary_tests
from onething.feel.values import Value

_CACHE = 4096
_TOO_DEEP = "the expression goes too deep"


class Expression:
    """A compiled expression."""

    __slots__ = ("_code", "free_names", "text", "tree")

    def __init__(self, text: str, code: Code, free_names: frozenset[str], tree: Node) -> None:
        self.text = text
        self.tree = tree
        """The syntax tree."""
        self.free_names = free_names
        """Names that the expression takes from outside, those of built-ins left out."""
        self._code = code

    def evaluate(self, variables: Mapping[str, Value], env: Environment) -> Value:
        """Return the value; null with a warning in `env` where FEEL says so.

        Raises ExpressionLimitExceeded.
        """
        return self.evaluate_in(Scope(variables, None, Run(env)))

    def evaluate_in(self, scope: Scope) -> Value:
        """Return the value inside a running evaluation, which keeps its bounds."""
        try:
            return self._code(scope)
        except RecursionError:
            raise ExpressionLimitExceeded(_TOO_DEEP) from None


class UnaryTests:
    """The compiled tests of one input cell of a decision table."""

    __slots__ = ("_code", "free_names", "text", "tree")

    def __init__(self, text: str, code: Code, free_names: frozenset[str], tree: Tests) -> None:
        self.text = text
        self.tree = tree
        """The syntax tree."""
        self.free_names = free_names
        self._code = code

    def matches(
        self, value: Value, variables: Mapping[str, Value], env: Environment
    ) -> bool | None:
        """Tell whether a value passes; None where FEEL cannot tell.

        Raises ExpressionLimitExceeded.
        """
        return self.matches_in(value, Scope(variables, None, Run(env)))

    def matches_alone(self, value: Value) -> bool:
        """Tell whether a value passes tests that need nothing else, such as allowed values."""
        return self.matches(value, {}, Environment(now=datetime.fromtimestamp(0, UTC))) is True

    def matches_in(self, value: Value, scope: Scope) -> bool | None:
        """Tell whether a value passes inside a running evaluation."""
        try:
            answer = self._code(Scope({INPUT: value}, scope, scope.run))
        except RecursionError:
            raise ExpressionLimitExceeded(_TOO_DEEP) from None
        return answer if isinstance(answer, bool) else None


def _check_size(text: str) -> None:
    most = limits().text_chars
    if len(text) > most:
        raise ExpressionLimitExceeded(f"the expression is longer than {most} characters")


def compile(  # noqa: A001 - the package's word for it: feel.compile
    text: str, names: frozenset[str] = frozenset(), types: Mapping[str, Type] | None = None
) -> Expression:
    """Compile an expression; `names` are the names known to stand outside.

    Only names with operators or keywords inside need to be told. Raises
    ExpressionSyntaxError with line, column and what was expected, ExpressionLimitExceeded.
    """
    _check_size(text)
    return _compile(text, names) if not types else _compiled(text, names, types)


@lru_cache(maxsize=_CACHE)
def _compile(text: str, names: frozenset[str]) -> Expression:
    return _compiled(text, names, {})


def _compiled(text: str, names: frozenset[str], types: Mapping[str, Type]) -> Expression:
    try:
        node, free = parse(text, names, BUILTINS, limits().nesting)
        code = compile_node(node, Names(BUILTINS, types))
    except RecursionError:
        raise ExpressionLimitExceeded(_TOO_DEEP) from None
    return Expression(text, code, _without_builtins(free, names), node)


def compile_unary(
    text: str, names: frozenset[str] = frozenset(), types: Mapping[str, Type] | None = None
) -> UnaryTests:
    """Compile the tests of a decision table's input cell; `-` and nothing pass always.

    Raises ExpressionSyntaxError, ExpressionLimitExceeded.
    """
    _check_size(text)
    return _compile_unary(text, names) if not types else _compiled_unary(text, names, types)


@lru_cache(maxsize=_CACHE)
def _compile_unary(text: str, names: frozenset[str]) -> UnaryTests:
    return _compiled_unary(text, names, {})


def _compiled_unary(text: str, names: frozenset[str], types: Mapping[str, Type]) -> UnaryTests:
    try:
        node, free = parse_unary_tests(text, names, BUILTINS, limits().nesting)
        code = compile_node(node, Names(BUILTINS, types))
    except RecursionError:
        raise ExpressionLimitExceeded(_TOO_DEEP) from None
    return UnaryTests(text, code, _without_builtins(free, names), node)


def _without_builtins(free: frozenset[str], names: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in free if name in names or name not in BUILTINS)


def compile_attribute(text: str, names: frozenset[str] = frozenset()) -> Expression:
    """Compile a model's attribute: FEEL after a leading `=`, else the text as it stands.

    Raises ExpressionSyntaxError, ExpressionLimitExceeded.
    """
    if text.startswith("="):
        return compile(text[1:], names)
    _check_size(text)
    literal = Constant(text)
    return Expression(text, compile_node(literal, Names({})), frozenset(), literal)
