"""Compile a syntax tree to closures: literals, names, operators, paths.

Each node becomes one function of the scope. Loops and functions stand in
`compiled_scopes`, tests in `compiled_tests`. Source: DMN 1.5, 10.3.2.
"""

from collections.abc import Callable, Mapping
from typing import Final

from onething.feel import compiled_scopes, compiled_tests, nodes
from onething.feel.arithmetic import FAILURES, OPERATORS, negate
from onething.feel.compiled import Compile, Names, guarded, reason, warn
from onething.feel.environment import Code, Scope
from onething.feel.kinds import is_instance, resolve
from onething.feel.operations import member
from onething.feel.values import Function, Value, equal, kind, order

_MISSING: Final = object()


def compile_node(node: nodes.Node | nodes.Tests, names: Names) -> Code:
    """Return the code of a tree."""
    return Compile(_HANDLERS, names)(node)


def _constant(_: Compile, node: nodes.Constant) -> Code:
    value = node.value
    return lambda _scope: value


def _name(compile_: Compile, node: nodes.Name) -> Code:
    name = node.name
    builtin = compile_.names.functions.get(name)

    def code(scope: Scope) -> Value:
        level: Scope | None = scope
        while level is not None:
            value = level.names.get(name, _MISSING)
            if value is not _MISSING:
                return value
            level = level.parent
        return _from_outside(name, builtin, scope)

    return code


def _from_outside(name: str, builtin: Function | None, scope: Scope) -> Value:
    extra = scope.run.env.functions.get(name)
    if extra is not None:
        called = extra  # a stable name for the closure below
        return Function(name, (), lambda _run, *arguments: called(*arguments))
    if builtin is None:
        scope.run.warn(f"nothing is named {name}")
    return builtin


def _list(compile_: Compile, node: nodes.ListOf) -> Code:
    items = [compile_(item) for item in node.items]

    def code(scope: Scope) -> Value:
        scope.run.spend(len(items))
        return [item(scope) for item in items]

    return code


def _binary(compile_: Compile, node: nodes.Binary) -> Code:
    left, right = compile_(node.left), compile_(node.right)
    operation = OPERATORS.get(node.operator)
    if operation is None:
        return _comparison(node, left, right)

    def code(scope: Scope) -> Value:
        try:
            value = operation(left(scope), right(scope))
        except FAILURES as failure:
            warn(scope, reason(failure), node)
            return None
        if type(value) is str:
            compiled_scopes.check_text(value, scope)
        return value

    return code


_ORDER: Final[Mapping[str, Callable[[int], bool]]] = {
    "<": lambda place: place < 0,
    "<=": lambda place: place <= 0,
    ">": lambda place: place > 0,
    ">=": lambda place: place >= 0,
}


def _comparison(node: nodes.Binary, left: Code, right: Code) -> Code:
    operator = node.operator
    if operator == "=":
        return lambda scope: equal(left(scope), right(scope))
    if operator == "!=":

        def differs(scope: Scope) -> Value:
            same = equal(left(scope), right(scope))
            return None if same is None else not same

        return differs
    decide = _ORDER[operator]

    def compares(scope: Scope) -> Value:
        a, b = left(scope), right(scope)
        place = order(a, b)
        if place is None:
            warn(scope, f"{operator} has no meaning for {kind(a)} and {kind(b)}", node)
            return None
        return decide(place)

    return compares


def _junction(compile_: Compile, node: nodes.Junction) -> Code:
    operands = [compile_(operand) for operand in node.operands]
    decisive = node.operator == "or"

    def code(scope: Scope) -> Value:
        answer: bool | None = not decisive
        for operand in operands:
            value = operand(scope)
            if value is decisive:
                return decisive
            if value is not True and value is not False:
                answer = None
        return answer

    return code


def _negate(compile_: Compile, node: nodes.Negate) -> Code:
    operand = compile_(node.operand)
    return guarded(lambda scope: negate(operand(scope)), node)


def _instance_of(compile_: Compile, node: nodes.InstanceOf) -> Code:
    value = compile_(node.value)
    expected = resolve(node.type, compile_.names.types)

    def code(scope: Scope) -> Value:
        found = value(scope)
        if expected.name == "?":
            scope.run.warn(f"there is no type {node.type.name}")
            return None
        return is_instance(found, expected)

    return code


def _path(compile_: Compile, node: nodes.Path) -> Code:
    value = compile_(node.value)
    name = node.name

    def code(scope: Scope) -> Value:
        found = value(scope)
        if type(found) is dict and name in found:
            return found[name]
        try:
            return member(found, name)
        except FAILURES as failure:
            warn(scope, reason(failure), node)
            return None

    return code


def _if(compile_: Compile, node: nodes.If) -> Code:
    condition, yes, no = compile_(node.condition), compile_(node.yes), compile_(node.no)

    def code(scope: Scope) -> Value:
        verdict = condition(scope)
        if verdict is True:
            return yes(scope)
        if verdict is False or verdict is None:
            return no(scope)
        warn(scope, f"the condition of if is {kind(verdict)}, not boolean", node.condition)
        return None

    return code


def _embedded(_: Compile, node: nodes.Embedded) -> Code:
    return node.code


_HANDLERS: Final[Mapping[type, Callable[..., Code]]] = {
    nodes.Constant: _constant,
    nodes.Name: _name,
    nodes.ListOf: _list,
    nodes.Binary: _binary,
    nodes.Junction: _junction,
    nodes.Negate: _negate,
    nodes.InstanceOf: _instance_of,
    nodes.Path: _path,
    nodes.If: _if,
    nodes.Embedded: _embedded,
    nodes.ContextOf: compiled_scopes.context,
    nodes.Filter: compiled_scopes.filter_,
    nodes.For: compiled_scopes.for_,
    nodes.Quantified: compiled_scopes.quantified,
    nodes.Lambda: compiled_scopes.lambda_,
    nodes.Call: compiled_scopes.call,
    nodes.RangeOf: compiled_tests.range_,
    nodes.Comparison: compiled_tests.comparison,
    nodes.Between: compiled_tests.between,
    nodes.In: compiled_tests.in_,
    nodes.Tests: compiled_tests.tests,
}
