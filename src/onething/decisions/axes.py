"""Cut the values of an input column into parts that its cells cannot tell apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from onething.decisions.cells import Cell, ends, read_cell
from onething.decisions.tables import Input
from onething.feel import UnaryTests
from onething.feel.temporal import Date, DaysDuration, MonthsDuration, day_from_ordinal
from onething.feel.values import Value

_ORDERED: Final = frozenset(
    {"number", "date", "days and time duration", "years and months duration"}
)
_TYPICAL: Final[dict[str, Value]] = {"number": 0, "string": "…", "date": Date(2026, 1, 1)}
_WHOLE: Final = {"date": 1, "years and months duration": 1, "days and time duration": 1}


@dataclass(frozen=True, slots=True)
class Axis:
    """One input column: an example of each part, bit n of a set stands for the n-th part."""

    label: str
    kind: str
    examples: tuple[Value, ...]
    domain: Sequence[UnaryTests]
    """What every value of the input passes."""

    @property
    def everything(self) -> int:
        """The set of all parts."""
        return (1 << len(self.examples)) - 1

    def parts_of(self, cell: Cell | None) -> int:
        """Return the parts that pass a cell; one that must be asked may pass everywhere."""
        if cell is None or cell.anything:
            return self.everything
        return sum(1 << n for n, value in enumerate(self.examples) if cell.holds(value))

    def foreign(self, cell: Cell | None) -> Iterator[Value]:
        """Yield the constants of a cell that are not allowed."""
        if cell is None:
            return
        for part in cell.ranges:
            if part.start is part.end and not _is_in(self.domain, part.start):
                yield part.start


def axis_of(column: Input, cells: Sequence[Cell | None]) -> Axis:
    """Return the axis of a column with these cells.

    A column whose constants are of several kinds is one single part.
    """
    bounds = map(read_cell, column.domain)
    known = [cell for cell in (*cells, *bounds) if cell is not None and not cell.anything]
    kinds = {cell.kind for cell in known}
    kind = kinds.pop() if len(kinds) == 1 else column.kind
    points = sorted({end for cell in known for end in ends(cell)}) if not kinds else []
    examples = _examples(kind, points, known)
    inside = [value for value in examples if _is_in(column.domain, value)] or examples[:1]
    return Axis(column.label, kind, tuple(inside), column.domain)


def _is_in(domain: Sequence[UnaryTests], value: Value) -> bool:
    return all(tests.matches_alone(value) for tests in domain)


def _examples(kind: str, points: list[Value], known: Sequence[Cell]) -> list[Value]:
    if kind == "boolean":
        return [True, False]
    if not points:
        return [_TYPICAL.get(kind)]
    if kind not in _ORDERED:
        parts = (part for cell in known for part in cell.ranges)
        only_points = all(part.start is part.end for part in parts)
        return [*points, *_other_texts(points, once=only_points)]
    found = [_moved(kind, points[0], -1)]
    for place, point in enumerate(points):
        following = points[place + 1] if place + 1 < len(points) else None
        found.append(point)
        if following is None:
            found.append(_moved(kind, point, 1))
        else:
            found += _between(kind, point, following)
    return found


def _other_texts(points: Sequence[Value], *, once: bool) -> list[Value]:
    """Return a text in each gap of the order of texts, or one for all where order says nothing."""
    if once:
        return ["…" * (max(map(len, points)) + 1)] if "…" in points else ["…"]
    found = [point + "…" for point in points if point + "…" not in points]
    return ["", *found] if "" not in points else found


def _size(value: Value) -> Value:
    if isinstance(value, Date):
        return value.ordinal
    return value[0] if isinstance(value, (DaysDuration, MonthsDuration)) else value


def _made(like: Value, size: Value) -> Value:
    if isinstance(like, Date):
        return day_from_ordinal(size)
    return type(like)(size) if isinstance(like, (DaysDuration, MonthsDuration)) else size


def _moved(kind: str, point: Value, by: int) -> Value:
    del kind  # one step is the smallest sensible one in each
    return _made(point, _size(point) + by)


def _between(kind: str, low: Value, high: Value) -> list[Value]:
    """Return a value between two constants, a whole one where there is one."""
    start, end = _size(low), _size(high)
    if kind in _WHOLE:
        return [_made(low, start + 1)] if end - start > 1 else []
    whole = Decimal(int(start)) + 1 if start >= 0 else Decimal(int(start))
    whole = whole if whole > start else whole + 1
    return [whole if start < whole < end else (Decimal(start) + Decimal(end)) / 2]
