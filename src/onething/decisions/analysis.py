"""Find what is wrong with a decision table before anyone asks it.

Each input column is cut at its constants into parts whose values no cell tells apart; a rule
covers a set of parts in every column. A missing (null) input is not considered. A cell that
only an evaluation can judge may hold or not: it never raises a finding.
Source: DMN 1.5, 8.2.10 (hit policies), 8.3.3.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from onething.decisions.axes import axis_of
from onething.decisions.cells import is_constant, read_cell
from onething.decisions.tables import Output, Rule, Table
from onething.feel.values import Value, equal, text_of

Kind = Literal["gap", "overlap", "contradiction", "masked", "unreachable", "value"]
MOST_FOUND: Final = 5
"""Findings of one kind in a table: the first ones tell enough."""
MOST_STEPS: Final = 100_000
"""Steps of one search; a table beyond them is not judged to its end."""
_SINGLE: Final = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY"})


@dataclass(frozen=True, slots=True)
class TableFinding:
    """One fault of a table."""

    kind: Kind
    rules: tuple[int, ...]
    """Numbers of the rules, counted from 1."""
    example: dict[str, Value]
    """An input that shows it, by input expression; empty where none is needed."""
    note: str = ""

    @property
    def example_text(self) -> str:
        """The example as a person reads it."""
        return ", ".join(f"{name} = {text_of(v, quoted=True)}" for name, v in self.example.items())


class TableAnalysis:
    """The columns of one table as axes, and its rules as boxes over them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        cells = [[read_cell(tests) for tests in rule.tests] for rule in table.rules]
        self.axes = [
            axis_of(column, [row[place] for row in cells])
            for place, column in enumerate(table.inputs)
        ]
        self.boxes = [
            [axis.parts_of(cell) for axis, cell in zip(self.axes, row, strict=True)]
            for row in cells
        ]
        self.opaque = [any(cell is None for cell in row) for row in cells]
        self._steps = 0

    def findings(self) -> Iterator[TableFinding]:
        """Yield every fault, kind by kind."""
        unreachable = {find.rules[0] for find in self.unreachable()}
        yield from self.unreachable()
        yield from self.values()
        if self.table.hit_policy in _SINGLE:
            yield from self.gaps()
        if self.table.hit_policy in {"UNIQUE", "ANY"}:
            yield from self.overlaps()
        if self.table.hit_policy in {"FIRST", "PRIORITY"}:
            yield from (one for one in self.masked() if one.rules[0] not in unreachable)

    def unreachable(self) -> Iterator[TableFinding]:
        """Yield rules with a cell that no value of its input passes."""
        for rule, box in zip(self.table.rules, self.boxes, strict=True):
            for axis, parts in zip(self.axes, box, strict=True):
                if not parts:
                    yield TableFinding("unreachable", (rule.number,), {}, axis.label)
                    break

    def values(self) -> Iterator[TableFinding]:
        """Yield rules that name a value outside the allowed ones, in an input or output."""
        for rule in self.table.rules:
            for axis, tests in zip(self.axes, rule.tests, strict=True):
                for value in axis.foreign(read_cell(tests)):
                    yield TableFinding("value", (rule.number,), {axis.label: value}, axis.label)
            for output, value in zip(self.table.outputs, rule.results, strict=True):
                if not _is_listed(output, value):
                    yield TableFinding("value", (rule.number,), {output.name: value}, output.name)

    def gaps(self) -> Iterator[TableFinding]:
        """Yield inputs that no rule covers, unless a default output answers for them."""
        if any(output.default is not None for output in self.table.outputs):
            return
        everything = [axis.everything for axis in self.axes]
        for place in self._uncovered(range(len(self.boxes)), everything, MOST_FOUND):
            yield TableFinding("gap", (), self._example(place))

    def overlaps(self) -> Iterator[TableFinding]:
        """Yield pairs of rules that match one input against a UNIQUE or ANY hit policy."""
        found = 0
        for second, box in enumerate(self.boxes):
            for first in range(second):
                common = [a & b for a, b in zip(self.boxes[first], box, strict=True)]
                if self.opaque[first] or self.opaque[second] or not all(common):
                    continue
                kind = self._conflict(self.table.rules[first], self.table.rules[second])
                if kind is None:
                    continue
                numbers = (self.table.rules[first].number, self.table.rules[second].number)
                yield TableFinding(kind, numbers, self._example(list(map(_lowest, common))))
                found += 1
                if found == MOST_FOUND:
                    return

    def _conflict(self, first: Rule, second: Rule) -> Kind | None:
        pairs = list(zip(first.results, second.results, strict=True))
        known = all(is_constant(value) for pair in pairs for value in pair)
        same = known and all(equal(*pair) is True or pair == (None, None) for pair in pairs)
        if self.table.hit_policy == "ANY":
            return None if same or not known else "contradiction"
        return "overlap" if same or not known else "contradiction"

    def masked(self) -> Iterator[TableFinding]:
        """Yield rules that never decide, as others go before them on all their inputs."""
        for place, box in enumerate(self.boxes):
            before = self._before(place)
            if before is None or self.opaque[place] or not all(box):
                continue
            sure = [other for other in before if not self.opaque[other]]
            if sure and next(self._uncovered(sure, box, 1), None) is None and not self._is_spent():
                rules = self.table.rules
                others = [n for n in sure if all(map(_meets, self.boxes[n], box))]
                numbers = (rules[place].number, *(rules[other].number for other in others))
                yield TableFinding("masked", numbers, self._example(list(map(_lowest, box))))

    def _before(self, place: int) -> list[int] | None:
        """Return the rules that win against one; None when outputs are no constants."""
        if self.table.hit_policy == "FIRST":
            return list(range(place))
        ranks = [self._rank(rule) for rule in self.table.rules]
        mine = ranks[place]
        if mine is None:
            return None
        return [n for n, rank in enumerate(ranks) if rank is not None and (rank, n) < (mine, place)]

    def _rank(self, rule: Rule) -> tuple[int, ...] | None:
        ranks = []
        for output, value in zip(self.table.outputs, rule.results, strict=True):
            if output.allowed is None:
                continue
            if not is_constant(value):
                return None
            places = [n for n, one in enumerate(output.allowed) if equal(one, value) is True]
            ranks.append(places[0] if places else len(output.allowed))
        return tuple(ranks)

    def _uncovered(
        self, rules: Sequence[int], within: Sequence[int], most: int
    ) -> Iterator[list[int]]:
        """Yield places inside a box that no rule covers, at most so many."""
        self._steps = 0
        search = _Search(self.boxes, within, self._step)
        for count, place in enumerate(search.places(0, tuple(rules))):
            if count == most:
                return
            yield place

    def _step(self) -> bool:
        self._steps += 1
        return not self._is_spent()

    def _is_spent(self) -> bool:
        return self._steps > MOST_STEPS

    def _example(self, place: Sequence[int]) -> dict[str, Value]:
        return {
            axis.label: axis.examples[part] for axis, part in zip(self.axes, place, strict=True)
        }


class _Search:
    """Looks for uncovered places column by column; rules left alike are looked at once."""

    def __init__(
        self, boxes: Sequence[Sequence[int]], within: Sequence[int], step: Callable[[], bool]
    ) -> None:
        self._boxes = boxes
        self._within = within
        self._step = step
        self._seen: set[tuple[int, tuple[int, ...]]] = set()

    def places(self, column: int, rules: tuple[int, ...]) -> Iterator[list[int]]:
        """Yield places in the columns from one on that none of the rules covers."""
        if not rules:
            yield [_lowest(parts) for parts in self._within[column:]]
            return
        if column == len(self._within) or (column, rules) in self._seen or not self._step():
            return
        self._seen.add((column, rules))
        for part in _bits(self._within[column]):
            left = tuple(rule for rule in rules if self._boxes[rule][column] >> part & 1)
            for rest in self.places(column + 1, left):
                yield [part, *rest]


def _bits(parts: int) -> Iterator[int]:
    while parts:
        yield _lowest(parts)
        parts &= parts - 1


def _lowest(parts: int) -> int:
    return (parts & -parts).bit_length() - 1


def _meets(one: int, other: int) -> bool:
    return bool(one & other)


def _is_listed(output: Output, value: Value) -> bool:
    if not is_constant(value) or value is None:
        return True
    if output.type.allowed is not None and not output.type.allowed(value):
        return False
    if not output.allowed:
        return True
    return any(equal(one, value) is True for one in output.allowed)


def analyse(table: Table) -> list[TableFinding]:
    """Return the faults of a table: gaps, overlaps, contradictions, rules that never decide."""
    return list(TableAnalysis(table).findings())
