"""Compile what opens a scope: contexts, filters, loops, quantifiers, functions, calls.

Source: DMN 1.5, 10.3.2.4 (contexts), 10.3.2.5 (filters), 10.3.2.14 (loops), 10.3.2.13
(functions).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from onething.errors import ExpressionLimitExceeded
from onething.feel import nodes
from onething.feel.arithmetic import FAILURES
from onething.feel.compiled import Compile, reason, warn
from onething.feel.environment import Code, Run, Scope
from onething.feel.kinds import ANY, Type, fit, resolve
from onething.feel.operations import count, iterate
from onething.feel.values import UNSET, Function, NoValue, Value, kind

_BLOCK: Final = 64
"""Characters of a text that count as one round: so the rounds bound the memory of texts."""
_FUNCTION_ROUNDS: Final = 8
"""Rounds that a function definition counts for: it keeps the whole scope it stands in."""
_CLOCK_EVERY: Final = 16
"""Items of a filter after which the clock is asked."""


def check_text(value: str, scope: Scope) -> None:
    """Raise ExpressionLimitExceeded when an evaluation has made too long a text."""
    if len(value) > scope.run.env.limits.value_chars:
        raise ExpressionLimitExceeded(
            f"a text is longer than {scope.run.env.limits.value_chars} characters"
        )
    if len(value) > _BLOCK:
        scope.run.spend(len(value) // _BLOCK)


def context(compile_: Compile, node: nodes.ContextOf) -> Code:
    """Compile a context literal; each entry sees the ones before it."""
    entries = [(key, compile_(entry)) for key, entry in node.entries]

    def code(scope: Scope) -> Value:
        scope.run.spend(len(entries))
        values: dict[str, Value] = {}
        inner = Scope(values, scope, scope.run)
        for key, entry in entries:
            values[key] = entry(inner)
        return values

    return code


def filter_(compile_: Compile, node: nodes.Filter) -> Code:
    """Compile `list[index]` or `list[condition]`."""
    value, condition = compile_(node.value), compile_(node.condition)

    def code(scope: Scope) -> Value:
        found = value(scope)
        items = found if isinstance(found, list) else [] if found is None else [found]
        scope.run.spend(len(items) + 1)
        chosen: list[Value] = []
        for place, item in enumerate(items):
            if not place % _CLOCK_EVERY:
                scope.run.seconds_left()
            verdict = condition(item_scope(item, scope))
            if verdict is True:
                chosen.append(item)
            elif verdict is not False and verdict is not None:
                return _not_boolean(items, verdict, scope)
        if not items:
            return _filter_nothing(condition, scope)
        return chosen

    return code


def _not_boolean(items: list[Value], verdict: Value, scope: Scope) -> Value:
    """Answer for a filter whose condition is an index, or nothing that can choose."""
    if kind(verdict) == "number":
        return _at(items, verdict, scope)
    scope.run.warn(f"the condition of a filter is {kind(verdict)}, not boolean")
    return None


def _filter_nothing(condition: Code, scope: Scope) -> Value:
    """Answer for a filter on nothing: an index finds null, a condition an empty list."""
    warnings = scope.run.env.warnings
    known = len(warnings)
    verdict = condition(item_scope(None, scope))
    del warnings[known:]  # they speak of an item that is not there
    if kind(verdict) == "number":
        return _at([], verdict, scope)
    return []


def item_scope(item: Value, scope: Scope) -> Scope:
    """Return the scope in which a filter's condition speaks of one item."""
    if isinstance(item, dict):
        names = item if "item" in item else {**item, "item": item}
        return Scope(names, scope, scope.run)
    return Scope({"item": item}, scope, scope.run)


def _at(items: list[Value], index: Value, scope: Scope) -> Value:
    place = int(index)
    if place != index or place == 0 or abs(place) > len(items):
        scope.run.warn(f"the list of {len(items)} has no item {index}")
        return None
    return items[place - 1] if place > 0 else items[place]


class _Loop:
    """Iterators of a loop, run from the outer to the inner one."""

    def __init__(self, compile_: Compile, iterators: tuple[nodes.Iterator, ...]) -> None:
        self._parts = [
            (part.name, compile_(part.domain), compile_(part.end) if part.end else None)
            for part in iterators
        ]

    def scopes(self, scope: Scope, names: dict[str, Value], level: int = 0) -> Iterator[Scope]:
        """Yield the scope of each round; raise NoValue when a domain cannot be iterated."""
        if level == len(self._parts):
            scope.run.spend(1)
            yield Scope(dict(names), scope, scope.run)
            return
        name, domain, end = self._parts[level]
        here = Scope(names, scope, scope.run)
        start = domain(here)
        items = iterate(start) if end is None else count(start, end(here))
        for item in items:
            scope.run.spend(1)
            names[name] = item
            yield from self.scopes(scope, names, level + 1)
        names.pop(name, None)


def for_(compile_: Compile, node: nodes.For) -> Code:
    """Compile `for … return …`; `partial` holds the results so far."""
    loop = _Loop(compile_, node.iterators)
    result = compile_(node.result)
    asks_partial = nodes.mentions(node.result, "partial")

    def code(scope: Scope) -> Value:
        results: list[Value] = []
        partial: dict[str, Value] = {}
        try:
            for round_ in loop.scopes(Scope(partial, scope, scope.run), {}):
                if asks_partial:
                    scope.run.spend(len(results))
                    partial["partial"] = list(results)
                results.append(result(round_))
        except FAILURES as failure:
            warn(scope, reason(failure), node)
            return None
        return results

    return code


def quantified(compile_: Compile, node: nodes.Quantified) -> Code:
    """Compile `some` and `every`, three-valued."""
    loop = _Loop(compile_, node.iterators)
    condition = compile_(node.condition)
    decisive = node.kind == "some"

    def code(scope: Scope) -> Value:
        answer: bool | None = not decisive
        try:
            for round_ in loop.scopes(scope, {}):
                verdict = condition(round_)
                if verdict is decisive:
                    return decisive
                if verdict is None:
                    answer = None
                elif verdict is not (not decisive):
                    raise NoValue(f"the condition of {node.kind} is {kind(verdict)}, not boolean")
        except FAILURES as failure:
            warn(scope, reason(failure), node)
            return None
        return answer

    return code


def lambda_(compile_: Compile, node: nodes.Lambda) -> Code:
    """Compile a function definition; it remembers the scope it stands in."""
    names = tuple(name for name, _ in node.parameters)
    types = tuple(
        resolve(written, compile_.names.types) if written else ANY for _, written in node.parameters
    )
    body = compile_(node.body)

    def code(scope: Scope) -> Value:
        if node.external:
            scope.run.warn("functions outside FEEL are not called")
            return None
        scope.run.spend(_FUNCTION_ROUNDS)
        return make_function("", names, types, body, scope)

    return code


def make_function(
    name: str, names: tuple[str, ...], types: tuple[Type, ...], body: Code, scope: Scope
) -> Function:
    """Return the function with a compiled body, closed over a scope."""

    def call_body(run: Run, *arguments: Value) -> Value:
        return body(Scope(dict(zip(names, arguments, strict=True)), scope, run))

    return Function(name, (names,), call_body, types)


def call(compile_: Compile, node: nodes.Call) -> Code:
    """Compile a call by position or by names."""
    function = compile_(node.function)
    arguments = [compile_(argument) for argument in node.arguments]
    names = node.names
    named = node.function.name if isinstance(node.function, nodes.Name) else ""
    builtin = compile_.names.functions.get(named)

    def code(scope: Scope) -> Value:
        called = function(scope)
        if builtin is not None and not isinstance(called, Function):
            # A variable may be named `date` or `count`; what is called is still the function.
            called = builtin
        values = [argument(scope) for argument in arguments]
        try:
            return invoke(called, values, names, scope.run)
        except FAILURES as failure:
            warn(scope, reason(failure), node)
            return None

    return code


def invoke(called: Value, values: list[Value], names: tuple[str, ...], run: Run) -> Value:
    """Call a function value; raise NoValue when its parameters are not met.

    Raises ExpressionLimitExceeded for functions that call each other too deeply.
    """
    if not isinstance(called, Function):
        raise NoValue(f"{kind(called)} is no function")
    ordered = by_position(called, values, names) if names else values
    if called.types is not None:
        ordered = _fitted(called.types, ordered)
    run.spend(1)
    run.depth += 1
    if run.depth > run.env.limits.call_depth:
        raise ExpressionLimitExceeded(f"calls go deeper than {run.env.limits.call_depth}")
    try:
        result = called.call(run, *ordered)
        if called.types is None:
            run.spend(_cost(ordered) + _cost((result,)))
        return result
    finally:
        run.depth -= 1


def _cost(values: Sequence[Value]) -> int:
    """Return the rounds that a built-in needs for arguments or results of their size."""
    rounds = 0
    for value in values:
        if isinstance(value, (list, dict)):
            rounds += len(value)
        elif isinstance(value, str):
            rounds += len(value) // _BLOCK
    return rounds


def by_position(called: Function, values: list[Value], names: tuple[str, ...]) -> list[Value]:
    """Bring named arguments into the order of the function's parameters."""
    given = dict(zip(names, values, strict=True))
    # `before(point, range)` and `before(range, point)` differ in their order alone
    for signature in sorted(called.signatures, key=lambda one: one != names):
        plain = [name.rstrip("?*") for name in signature]
        needed = [name for name in signature if not name.endswith("?")]
        if set(given) <= set(plain) and {name.rstrip("*") for name in needed} <= set(given):
            ordered = [given.get(name, UNSET) for name in plain]
            return _spread(ordered, variadic=signature[-1].endswith("*") if signature else False)
    raise NoValue(f"{called.name or 'the function'} has no parameters {', '.join(names)}")


def _spread(ordered: list[Value], *, variadic: bool) -> list[Value]:
    if variadic and isinstance(ordered[-1], list):
        return [*ordered[:-1], *ordered[-1]]
    while ordered and ordered[-1] is UNSET:
        ordered.pop()
    return ordered


def _fitted(types: Sequence[Type], values: list[Value]) -> list[Value]:
    if len(values) != len(types):
        raise NoValue(f"{len(types)} arguments are needed, {len(values)} are given")
    fitted = []
    for value, expected in zip(values, types, strict=True):
        fits = fit(value, expected)
        if fits is UNSET:
            raise NoValue(f"{kind(value)} is no {expected.name}")
        fitted.append(fits)
    return fitted
