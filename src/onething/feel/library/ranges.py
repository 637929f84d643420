"""Built-in functions that compare points and ranges.

The signature next to a function takes its arguments by position, those above it other names.
Source: DMN 1.5, 10.3.4.9, table 78.
"""

from onething.feel.library.registry import builtin
from onething.feel.values import UNSET, NoValue, Range, Value, kind, order


def _place(left: Value, right: Value) -> int:
    """Order two ends; raise NoValue when they cannot be compared."""
    place = order(left, right)
    if place is None:
        raise NoValue(f"{kind(left)} and {kind(right)} have no order")
    return place


@builtin("before(point: any, range: range)")
@builtin("before(range: range, point: any)")
@builtin("before(range1: range, range2: range)")
@builtin("before(point1: any, point2: any)")
def _before(left: Value, right: Value) -> bool:
    first = left.end if isinstance(left, Range) else left
    second = right.start if isinstance(right, Range) else right
    if first is UNSET or second is UNSET:  # without a bound nothing lies beyond it
        return False
    place = _place(first, second)
    is_shared = not isinstance(left, Range) or left.end_included
    is_shared &= not isinstance(right, Range) or right.start_included
    return place < 0 or (place == 0 and not is_shared)


@builtin("after(point: any, range: range)")
@builtin("after(range: range, point: any)")
@builtin("after(range1: range, range2: range)")
@builtin("after(point1: any, point2: any)")
def _after(left: Value, right: Value) -> bool:
    return _before(right, left)


@builtin("meets(range1: range, range2: range)")
def _meets(left: Range, right: Range) -> bool:
    if left.end is UNSET or right.start is UNSET:
        return False
    return left.end_included and right.start_included and _place(left.end, right.start) == 0


@builtin("met by(range1: range, range2: range)")
def _met_by(left: Range, right: Range) -> bool:
    return _meets(right, left)


def _starts_by(left: Range, right: Range) -> int:
    """Order the beginnings of two ranges; an included one comes before an excluded one."""
    if left.start is UNSET or right.start is UNSET:
        return int(right.start is UNSET) - int(left.start is UNSET)
    place = _place(left.start, right.start)
    return place or int(right.start_included) - int(left.start_included)


def _ends_by(left: Range, right: Range) -> int:
    """Order the ends of two ranges; an excluded one comes before an included one."""
    if left.end is UNSET or right.end is UNSET:
        return int(left.end is UNSET) - int(right.end is UNSET)
    place = _place(left.end, right.end)
    return place or int(left.end_included) - int(right.end_included)


@builtin("overlaps(range1: range, range2: range)")
def _overlaps(left: Range, right: Range) -> bool:
    return not _before(left, right) and not _before(right, left)


@builtin("overlaps before(range1: range, range2: range)")
def _overlaps_before(left: Range, right: Range) -> bool:
    return _starts_by(left, right) < 0 and not _before(left, right) and _ends_by(left, right) <= 0


@builtin("overlaps after(range1: range, range2: range)")
def _overlaps_after(left: Range, right: Range) -> bool:
    return _overlaps_before(right, left)


@builtin("finishes(range1: range, range2: range)")
@builtin("finishes(point: any, range: range)")
def _finishes(left: Value, right: Range) -> bool:
    if isinstance(left, Range):
        return _ends_by(left, right) == 0 and _starts_by(left, right) >= 0
    return right.end_included and _place(left, right.end) == 0


@builtin("finished by(range1: range, range2: range)")
@builtin("finished by(range: range, point: any)")
def _finished_by(left: Range, right: Value) -> bool:
    return _finishes(right, left)


@builtin("starts(range1: range, range2: range)")
@builtin("starts(point: any, range: range)")
def _starts(left: Value, right: Range) -> bool:
    if isinstance(left, Range):
        return _starts_by(left, right) == 0 and _ends_by(left, right) <= 0
    return right.start_included and _place(left, right.start) == 0


@builtin("started by(range1: range, range2: range)")
@builtin("started by(range: range, point: any)")
def _started_by(left: Range, right: Value) -> bool:
    return _starts(right, left)


@builtin("includes(range1: range, range2: range)")
@builtin("includes(range: range, point: any)")
def _includes(left: Range, right: Value) -> bool:
    if isinstance(right, Range):
        return _starts_by(left, right) <= 0 and _ends_by(left, right) >= 0
    return not _before(right, left) and not _before(left, right)


@builtin("during(range1: range, range2: range)")
@builtin("during(point: any, range: range)")
def _during(left: Value, right: Range) -> bool:
    return _includes(right, left)


@builtin("coincides(range1: range, range2: range)")
@builtin("coincides(point1: any, point2: any)")
def _coincides(left: Value, right: Value) -> bool:
    if isinstance(left, Range) and isinstance(right, Range):
        return _starts_by(left, right) == 0 and _ends_by(left, right) == 0
    return _place(left, right) == 0
