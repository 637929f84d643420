"""Find the rules of a large decision table without asking each of its cells.

Every column keeps its constants in order; between two of them, and on each, a set of bits
says which rules pass. An evaluation looks its values up and intersects the sets: the cost
hardly grows with the number of rules. Cells that are no sets of constants stay to be asked.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from onething.decisions.cells import SORTED_KINDS, Cell, ends, read_cell
from onething.feel import UnaryTests
from onething.feel.values import UNSET, Range, Value, kind

BLOCK: Final = 1024
"""Rules of one index; the sets of a longer table grow with its length, not its square."""


@dataclass(slots=True)
class _Line:
    """The cells of one column whose constants are of one kind: places in order, sets of rules.

    Place 2i lies before constant i, place 2i+1 on it, the last one after all of them.
    """

    points: list[Value]
    masks: list[int]

    def at(self, value: Value) -> int:
        """Return the set of rules that a value passes."""
        return self.masks[self.place(value)]

    def place(self, value: Value) -> int:
        """Return the place of a value."""
        found = bisect_left(self.points, value)
        on_point = found < len(self.points) and self.points[found] == value
        return 2 * found + on_point


@dataclass(slots=True)
class _Column:
    """One input column."""

    free: int = 0
    """Rules that anything passes."""
    asked: int = 0
    """Rules whose cell must be evaluated."""
    booleans: int = 0
    """Rules whose cell is `true` or `false`: it is asked for values of other kinds."""
    lines: dict[str, _Line] = field(default_factory=dict)
    indexed: int = 0
    """Rules whose cell stands in a line."""

    def candidates(self, value: Value) -> tuple[int, int]:
        """Return the rules that may match a value, and those among them to be asked."""
        name = kind(value)
        if name not in SORTED_KINDS and name != "boolean":
            asked = self.asked | self.booleans | self.indexed
            return self.free | asked, asked
        asked = self.asked if name == "boolean" else self.asked | self.booleans
        line = self.lines.get(name)
        found = self.free | asked | (line.at(value) if line is not None else 0)
        return found, asked


class Index:
    """The index over up to BLOCK rules; bit n stands for the n-th of them."""

    def __init__(self, rows: Sequence[Sequence[UnaryTests]]) -> None:
        self._all = (1 << len(rows)) - 1
        width = len(rows[0]) if rows else 0
        self._columns = [_column([row[place] for row in rows]) for place in range(width)]

    def candidates(self, values: Sequence[Value]) -> Iterator[tuple[int, list[int]]]:
        """Yield rules that may match, in their order, with the columns to be asked of each."""
        left = self._all
        asking: list[tuple[int, int]] = []
        for place, (column, value) in enumerate(zip(self._columns, values, strict=True)):
            found, asked = column.candidates(value)
            left &= found
            if not left:
                return
            if asked:
                asking.append((place, asked))
        while left:
            lowest = left & -left
            left ^= lowest
            yield lowest.bit_length() - 1, [place for place, asked in asking if asked & lowest]


def _column(cells: Sequence[UnaryTests]) -> _Column:
    column = _Column()
    by_kind: dict[str, list[tuple[int, Cell]]] = {}
    for number, tests in enumerate(cells):
        cell, bit = read_cell(tests), 1 << number
        if cell is None or cell.negated:
            column.asked |= bit
        elif cell.anything:
            column.free |= bit
        else:
            by_kind.setdefault(cell.kind, []).append((bit, cell))
            if cell.kind == "boolean":
                column.booleans |= bit
            else:
                column.indexed |= bit
    column.lines = {name: _line(parts) for name, parts in by_kind.items()}
    return column


def _line(cells: Sequence[tuple[int, Cell]]) -> _Line:
    """Sweep once over the constants; a bit is switched on and off where its ranges end."""
    points = sorted({end for _, cell in cells for end in ends(cell)})
    line = _Line(points, [0] * (2 * len(points) + 1))
    begins: list[list[int]] = [[] for _ in line.masks]
    stops: list[list[int]] = [[] for _ in range(len(line.masks) + 1)]
    for bit, cell in cells:
        for part in cell.ranges:
            first, last = _places(part, line)
            if first <= last:
                begins[first].append(bit)
                stops[last + 1].append(bit)
    open_ranges: dict[int, int] = {}
    mask = 0
    for place in range(len(line.masks)):
        for bit in stops[place]:
            open_ranges[bit] -= 1
            if not open_ranges[bit]:
                mask ^= bit
        for bit in begins[place]:
            if not open_ranges.get(bit):
                mask |= bit
            open_ranges[bit] = open_ranges.get(bit, 0) + 1
        line.masks[place] = mask
    return line


def _places(part: Range, line: _Line) -> tuple[int, int]:
    """Return the first and last place of a range."""
    first, last = 0, len(line.masks) - 1
    if part.start is not UNSET:
        first = line.place(part.start) + (not part.start_included)
    if part.end is not UNSET:
        last = line.place(part.end) - (not part.end_included)
    return first, last
