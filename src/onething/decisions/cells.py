"""Read the input cells of decision tables as sets of values, where they are such sets.

A cell that only holds constants and ranges of constants says without evaluation which
values pass it: `index` finds rules by it, `analysis` reasons about it.
Source: DMN 1.5, 7.3.3 (unary tests).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from onething.feel import UnaryTests
from onething.feel.library import BUILTINS
from onething.feel.nodes import Call, Comparison, Constant, Node, RangeOf
from onething.feel.temporal import Date, DaysDuration, MonthsDuration
from onething.feel.temporal_text import parse_date, parse_duration
from onething.feel.values import UNSET, Range, Value, contains, kind, order

SORTED_KINDS: Final = frozenset(
    {"number", "string", "date", "days and time duration", "years and months duration"}
)
"""Kinds whose values Python sorts and hashes as FEEL orders and equals them."""
_KNOWN_CALLS: Final = {"date": parse_date, "duration": parse_duration}
_OPAQUE: Final = object()


@dataclass(frozen=True, slots=True)
class Cell:
    """The values that pass one cell."""

    kind: str
    """Kind of the constants; empty for a cell that anything passes."""
    ranges: tuple[Range, ...]
    """A constant is a range of one value."""
    negated: bool = False

    @property
    def anything(self) -> bool:
        """True for `-` and for an empty cell."""
        return not self.kind

    def holds(self, value: Value) -> bool:
        """Tell whether a value passes; one of another kind passes only what takes anything."""
        if self.anything:
            return True
        if kind(value) != self.kind:
            return False
        return any(_within(part, value) for part in self.ranges) is not self.negated


def _within(part: Range, value: Value) -> bool:
    if part.start is part.end:
        return bool(part.start == value)
    return contains(part, value) is True


def read_cell(tests: UnaryTests) -> Cell | None:
    """Return the set of values of a cell, or None when only an evaluation can tell."""
    if tests.tree.anything:
        return Cell("", ())
    ranges = [_range(test, tests.free_names) for test in tests.tree.tests]
    known = [part for part in ranges if part is not None]
    kinds = {kind(end) for part in known for end in part[:2] if end is not UNSET}
    if len(known) < len(ranges) or len(kinds) != 1 or not kinds <= SORTED_KINDS | {"boolean"}:
        return None
    if kinds == {"boolean"} and any(part.start is not part.end for part in known):
        return None
    return Cell(kinds.pop(), tuple(known), tests.tree.negated)


def _range(test: Node, names: frozenset[str]) -> Range | None:
    """Return a test that is a constant or a range of constants as a range."""
    if isinstance(test, RangeOf):
        start = UNSET if test.start is None else constant(test.start, names)
        end = UNSET if test.end is None else constant(test.end, names)
        if _OPAQUE in (start, end):
            return None
        return Range(start, end, test.start_included, test.end_included)
    if isinstance(test, Comparison) and test.operator == "=":
        test = test.operand
    value = constant(test, names)
    return None if value is _OPAQUE else Range(value, value, True, True)


def constant(node: Node, names: frozenset[str]) -> Value:
    """Return the value of a literal or of `date("…")` and its like, else a mark.

    `names` are those that the cell takes from outside: one that is named like a built-in
    hides it.
    """
    if isinstance(node, Constant):
        return node.value
    if not isinstance(node, Call) or node.names or len(node.arguments) != 1:
        return _OPAQUE
    name = getattr(node.function, "name", "")
    argument = node.arguments[0]
    if name not in _KNOWN_CALLS or name in names or name not in BUILTINS:
        return _OPAQUE
    if not isinstance(argument, Constant) or not isinstance(argument.value, str):
        return _OPAQUE
    value = _KNOWN_CALLS[name](argument.value)
    return value if isinstance(value, (Date, DaysDuration, MonthsDuration)) else _OPAQUE


def is_constant(value: Value) -> bool:
    """Tell whether `constant` found a value."""
    return value is not _OPAQUE


def ends(cell: Cell) -> Iterator[Value]:
    """Yield the constants of a cell."""
    for part in cell.ranges:
        yield from (end for end in part[:2] if end is not UNSET)


def is_empty(part: Range) -> bool:
    """Tell whether a range holds no value: its start lies after its end."""
    if part.start is UNSET or part.end is UNSET:
        return False
    place = order(part.start, part.end)
    if place == 0:
        return not (part.start_included and part.end_included)
    return place is not None and place > 0
