"""Decision tables: match rules by their unary tests, then apply the hit policy.

Source: DMN 1.5, chapter 8.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

from onething.decisions.index import BLOCK, Index
from onething.decisions.item_types import coerce, take_input
from onething.decisions.trace import RuleMatch, Trace
from onething.feel import UnaryTests
from onething.feel.arithmetic import FAILURES, add
from onething.feel.environment import Code, Scope
from onething.feel.kinds import ANY, Type
from onething.feel.values import Value, equal, kind, order


@dataclass(frozen=True, slots=True)
class Input:
    """One input column."""

    label: str
    """The text of the input expression."""
    code: Code
    type: Type
    allowed: UnaryTests | None
    """The input values of the table itself: it answers null for others."""
    domain: Sequence[UnaryTests] = ()
    """What holds for every value of the input: its input values, and those of its type."""
    kind: str = ANY.name
    """Name of the input's type: the declared one, else that of the variable it names."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output column."""

    name: str
    type: Type
    values: Code | None
    """The list of output values in the order of their priority."""
    default: Code | None
    allowed: Sequence[Value] | None = None
    """The output values, else those of the type, where they are constants."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: its number, counted from 1, its tests and its outputs."""

    id: str
    number: int
    tests: Sequence[UnaryTests]
    outputs: Sequence[Code]
    results: Sequence[Value] = ()
    """The outputs where they are constants, else the mark of `cells.constant`."""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; `evaluate` is the code of its expression."""

    decision: str
    """Name of the decision or knowledge model that the table stands in."""
    hit_policy: str
    aggregation: str
    inputs: Sequence[Input]
    outputs: Sequence[Output]
    rules: Sequence[Rule]
    id: str = ""
    """Id of the table in its file."""
    line: int | None = None
    """Line of the table in its file."""
    _blocks: list[tuple[Sequence[Rule], Index]] = field(default_factory=list, compare=False)
    """Rules with their index."""

    def __post_init__(self) -> None:
        for start in range(0, len(self.rules), BLOCK):
            block = self.rules[start : start + BLOCK]
            self._blocks.append((block, Index([rule.tests for rule in block])))

    def evaluate(self, scope: Scope) -> Value:
        """Return the table's value and note matched rules and inputs in the trace."""
        values = [self._input(column, scope) for column in self.inputs]
        columns = zip(values, self.inputs, strict=True)
        if not all(self._is_allowed(value, column, scope) for value, column in columns):
            return None
        matched = []
        for rule in self._matching(values, scope):
            matched.append(rule)
            if self.hit_policy == "FIRST":
                break
        result, hits = self._result(matched, scope)
        if isinstance(scope.run, Trace):
            scope.run.matched += [RuleMatch(self.decision, rule.id, rule.number) for rule in hits]
        return result

    def _matching(self, values: Sequence[Value], scope: Scope) -> Iterator[Rule]:
        """Yield the rules that match, in their order."""
        for rules, index in self._blocks:
            scope.run.spend(1)
            for number, asked in index.candidates(values):
                scope.run.spend(1)
                tests = rules[number].tests
                if all(tests[place].matches_in(values[place], scope) is True for place in asked):
                    yield rules[number]

    def _input(self, column: Input, scope: Scope) -> Value:
        value = take_input(column.code(scope), column.type)
        if isinstance(scope.run, Trace):
            scope.run.inputs[column.label] = value
        return coerce(value, column.type, scope, column.label)

    def _is_allowed(self, value: Value, column: Input, scope: Scope) -> bool:
        if column.allowed is None or column.allowed.matches_in(value, scope) is True:
            return True
        scope.run.warn(f"{column.label}: the value is not among the allowed ones")
        return False

    def _result(self, matched: list[Rule], scope: Scope) -> tuple[Value, list[Rule]]:
        if not matched:
            return self._default(scope), []
        found = [(rule, self._outputs(rule, scope)) for rule in matched]
        answer = _POLICIES[self.hit_policy](self, found, scope)
        if self.hit_policy in {"FIRST", "PRIORITY"}:
            return answer[0][1], [answer[0][0]]
        if self.hit_policy in {"UNIQUE", "ANY"}:
            return (answer[0][1] if answer else None), matched
        rows = [value for _, value in answer]
        return self._aggregated(rows, scope), [rule for rule, _ in answer]

    def _default(self, scope: Scope) -> Value:
        if any(output.default is not None for output in self.outputs):
            values = [output.default(scope) if output.default else None for output in self.outputs]
            return self._row(values)
        if self.aggregation == "COUNT":
            return 0
        if self.hit_policy != "COLLECT":
            scope.run.warn(f"{self.decision}: no rule matches")
        return None

    def _outputs(self, rule: Rule, scope: Scope) -> Value:
        values = [
            coerce(code(scope), output.type, scope, f"rule {rule.number}")
            for code, output in zip(rule.outputs, self.outputs, strict=True)
        ]
        return self._row(values)

    def _row(self, values: list[Value]) -> Value:
        if len(self.outputs) == 1:
            return values[0]
        return {output.name: value for output, value in zip(self.outputs, values, strict=True)}

    def _aggregated(self, rows: list[Value], scope: Scope) -> Value:
        if self.hit_policy != "COLLECT" or not self.aggregation:
            return rows
        try:
            return _AGGREGATIONS[self.aggregation](rows)
        except FAILURES as failure:
            scope.run.warn(f"{self.decision}: {failure}")
            return None

    def priority(self, row: Value, scope: Scope) -> tuple[int, ...]:
        """Return what sorts a row of outputs by the order of the output values."""
        cells = list(row.values()) if len(self.outputs) > 1 else [row]
        return tuple(
            _place(cell, output.allowed if output.values is None else output.values(scope))
            for cell, output in zip(cells, self.outputs, strict=True)
            if output.values is not None or output.allowed is not None
        )


def _place(cell: Value, values: Sequence[Value] | None) -> int:
    for place, value in enumerate(values or ()):
        if equal(cell, value) is True:
            return place
    return len(values or ())


Found = list[tuple[Rule, Value]]


def _unique(table: Table, found: Found, scope: Scope) -> Found:
    if len(found) == 1:
        return found
    numbers = ", ".join(str(rule.number) for rule, _ in found)
    scope.run.warn(f"{table.decision}: only one rule may match, but {numbers} do")
    return []


def _any(table: Table, found: Found, scope: Scope) -> Found:
    if all(equal(found[0][1], value) is True or found[0][1] is value for _, value in found):
        return found[:1]
    numbers = ", ".join(str(rule.number) for rule, _ in found)
    scope.run.warn(f"{table.decision}: rules {numbers} match with different outputs")
    return []


def _by_priority(table: Table, found: Found, scope: Scope) -> Found:
    return sorted(found, key=lambda hit: table.priority(hit[1], scope))


def _as_found(_table: Table, found: Found, _scope: Scope) -> Found:
    return found


_POLICIES: Final[Mapping[str, Callable[[Table, Found, Scope], Found]]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _as_found,
    "PRIORITY": _by_priority,
    "OUTPUT ORDER": _by_priority,
    "RULE ORDER": _as_found,
    "COLLECT": _as_found,
}
HIT_POLICIES: Final = frozenset(_POLICIES)


def _extreme(rows: list[Value], wanted: int) -> Value:
    def better(best: Value, row: Value) -> Value:
        place = order(row, best)
        if place is None:
            raise FAILURES[0](f"{kind(row)} and {kind(best)} have no order")
        return row if place == wanted else best

    return reduce(better, rows)


_AGGREGATIONS: Final[Mapping[str, Callable[[list[Value]], Value]]] = {
    "SUM": lambda rows: reduce(add, rows),
    "COUNT": len,
    "MIN": lambda rows: _extreme(rows, -1),
    "MAX": lambda rows: _extreme(rows, 1),
}
AGGREGATIONS: Final = frozenset(_AGGREGATIONS)
