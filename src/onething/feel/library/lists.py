"""Built-in functions on lists; positions count from 1. Source: DMN 1.5, 10.3.4.4."""

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Final

from onething.feel.compiled_scopes import invoke
from onething.feel.environment import Run
from onething.feel.library.registry import builtin
from onething.feel.values import DECIMAL, UNSET, Function, NoValue, Unset, Value, equal, kind, order


def _same(left: Value, right: Value) -> bool:
    return equal(left, right) is True


@builtin("list contains(list: list, element: any)")
def _list_contains(items: list[Value], element: Value) -> bool:
    return any(_same(item, element) for item in items)


@builtin("count(list: list)")
def _count(items: list[Value]) -> int:
    return len(items)


@builtin("is empty(list: list)")
def _is_empty(items: list[Value]) -> bool:
    return not items


@builtin("min(list: list)")
def _min(items: list[Value]) -> Value:
    return _extreme(items, -1)


@builtin("max(list: list)")
def _max(items: list[Value]) -> Value:
    return _extreme(items, 1)


@builtin("min(c1: any, c2: any*)")
def _min_of(*items: Value) -> Value:
    return _extreme(list(items), -1)


@builtin("max(c1: any, c2: any*)")
def _max_of(*items: Value) -> Value:
    return _extreme(list(items), 1)


def _extreme(items: list[Value], wanted: int) -> Value:
    if not items:
        raise NoValue("the list is empty")
    best = items[0]
    if order(best, best) is None:
        raise NoValue(f"{kind(best)} has no order")
    for item in items[1:]:
        place = order(item, best)
        if place is None:
            raise NoValue(f"{kind(item)} and {kind(best)} have no order")
        if place == wanted:
            best = item
    return best


def _numbers(items: list[Value]) -> list[Decimal]:
    if not items:
        raise NoValue("the list is empty")
    for item in items:
        if kind(item) != "number":
            raise NoValue(f"the list holds {kind(item)}")
    return items


def _total(items: list[Value]) -> Value:
    total = Decimal(0)
    for item in _numbers(items):
        total = DECIMAL.add(total, item)
    return total


@builtin("sum(list: list)")
def _sum(items: list[Value]) -> Value:
    return _total(items)


@builtin("sum(n1: number, n2: number*)")
def _sum_of(*items: Value) -> Value:
    return _total(list(items))


def _average(items: list[Value]) -> Value:
    return DECIMAL.divide(_total(items), len(items))


@builtin("mean(list: list)")
def _mean(items: list[Value]) -> Value:
    return _average(items)


@builtin("mean(n1: number, n2: number*)")
def _mean_of(*items: Value) -> Value:
    return _average(list(items))


def _product_of_all(items: list[Value]) -> Value:
    product = Decimal(1)
    for item in _numbers(items):
        product = DECIMAL.multiply(product, item)
    return product


@builtin("product(list: list)")
def _product(items: list[Value]) -> Value:
    return _product_of_all(items)


@builtin("product(n1: number, n2: number*)")
def _product_of(*items: Value) -> Value:
    return _product_of_all(list(items))


def _middle(items: list[Value]) -> Value:
    if not items:
        return None
    ordered = sorted(_numbers(items))
    half, odd = divmod(len(ordered), 2)
    if odd:
        return ordered[half]
    return DECIMAL.divide(DECIMAL.add(ordered[half - 1], ordered[half]), 2)


@builtin("median(list: list)")
def _median(items: list[Value]) -> Value:
    return _middle(items)


@builtin("median(n1: number, n2: number*)")
def _median_of(*items: Value) -> Value:
    return _middle(list(items))


_LEAST_FOR_DEVIATION: Final = 2


def _deviation(items: list[Value]) -> Value:
    numbers = _numbers(items)
    if len(numbers) < _LEAST_FOR_DEVIATION:
        raise NoValue("a deviation needs two numbers")
    mean = _average(items)
    squares = Decimal(0)
    for number in numbers:
        distance = DECIMAL.subtract(number, mean)
        squares = DECIMAL.add(squares, DECIMAL.multiply(distance, distance))
    return DECIMAL.sqrt(DECIMAL.divide(squares, len(numbers) - 1))


@builtin("stddev(list: list)")
def _stddev(items: list[Value]) -> Value:
    return _deviation(items)


@builtin("stddev(n1: number, n2: number*)")
def _stddev_of(*items: Value) -> Value:
    return _deviation(list(items))


def _most_frequent(items: list[Value]) -> Value:
    if not items:
        return []
    counts: dict[Decimal, int] = {}
    for number in _numbers(items):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, times in counts.items() if times == most)


@builtin("mode(list: list)")
def _mode(items: list[Value]) -> Value:
    return _most_frequent(items)


@builtin("mode(n1: number, n2: number*)")
def _mode_of(*items: Value) -> Value:
    return _most_frequent(list(items))


def _conjunction(items: list[Value]) -> bool | None:
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


def _disjunction(items: list[Value]) -> bool | None:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("all(list: list)")
def _all(items: list[Value]) -> bool | None:
    return _conjunction(items)


@builtin("all(b1: any, b2: any*)")
def _all_of(*items: Value) -> bool | None:
    return _conjunction(list(items))


@builtin("any(list: list)")
def _any(items: list[Value]) -> bool | None:
    return _disjunction(items)


@builtin("any(b1: any, b2: any*)")
def _any_of(*items: Value) -> bool | None:
    return _disjunction(list(items))


@builtin("sublist(list: list, start position: number, length: number?)")
def _sublist(items: list[Value], start: Decimal, length: Decimal | Unset = UNSET) -> list[Value]:
    begin = _index(items, start)
    if isinstance(length, Unset):
        return items[begin:]
    if length < 0 or begin + int(length) > len(items):
        raise NoValue(f"the list has no {length} items from there on")
    return items[begin : begin + int(length)]


def _index(items: list[Value], position: Decimal, *, room: int = 0) -> int:
    place = int(position)
    if place == 0 or abs(place) > len(items) + (room if place > 0 else 0):
        raise NoValue(f"the list of {len(items)} has no position {place}")
    return place - 1 if place > 0 else len(items) + place


@builtin("append(list: list, item: any*)")
def _append(items: list[Value], *more: Value) -> list[Value]:
    return [*items, *more]


@builtin("concatenate(list: list*)", needs_run=True)
def _concatenate(run: Run, *lists: list[Value]) -> list[Value]:
    run.spend(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, newItem: any)")
def _insert_before(items: list[Value], position: Decimal, new: Value) -> list[Value]:
    place = _index(items, position, room=1)
    return [*items[:place], new, *items[place:]]


@builtin("remove(list: list, position: number)")
def _remove(items: list[Value], position: Decimal) -> list[Value]:
    place = _index(items, position)
    return [*items[:place], *items[place + 1 :]]


@builtin("list replace(list: list, position: number, newItem: any)")
def _replace_at(items: list[Value], position: Decimal, new: Value) -> list[Value]:
    place = _index(items, position)
    return [*items[:place], new, *items[place + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any)", needs_run=True)
def _replace_where(run: Run, items: list[Value], match: Function, new: Value) -> list[Value]:
    replaced = []
    for item in items:
        verdict = invoke(match, [item, new], (), run)
        if not isinstance(verdict, bool):
            raise NoValue("the match function gives no boolean")
        replaced.append(new if verdict else item)
    return replaced


@builtin("reverse(list: list)")
def _reverse(items: list[Value]) -> list[Value]:
    return items[::-1]


@builtin("index of(list: list, match: any)")
def _index_of(items: list[Value], match: Value) -> list[Value]:
    return [place for place, item in enumerate(items, 1) if _same(item, match)]


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    kept: list[Value] = []
    for item in items:
        run.spend(len(kept))
        if not any(_same(item, other) for other in kept):
            kept.append(item)
    return kept


@builtin("union(list: list*)", needs_run=True)
def _union(run: Run, *lists: list[Value]) -> list[Value]:
    return _distinct(run, [item for items in lists for item in items])


@builtin("distinct values(list: list)", needs_run=True)
def _distinct_values(run: Run, items: list[Value]) -> list[Value]:
    return _distinct(run, items)


@builtin("duplicate values(list: list)", needs_run=True)
def _duplicate_values(run: Run, items: list[Value]) -> list[Value]:
    run.spend(len(items) * len(items))
    repeated = [item for item in items if sum(_same(item, other) for other in items) > 1]
    return _distinct(run, repeated)


@builtin("flatten(list: list)", needs_run=True)
def _flatten(run: Run, items: list[Value]) -> list[Value]:
    flat: list[Value] = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            run.spend(1)
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            flat.append(item)
        else:
            waiting.pop()
    return flat


@builtin("sort(list: list, precedes: function)", needs_run=True)
def _sort(run: Run, items: list[Value], precedes: Function) -> list[Value]:
    return sorted(items, key=cmp_to_key(_comparison(run, precedes)))


def _comparison(run: Run, precedes: Function) -> Callable[[Value, Value], int]:
    def compare(left: Value, right: Value) -> int:
        if invoke(precedes, [left, right], (), run) is True:
            return -1
        return 1 if invoke(precedes, [right, left], (), run) is True else 0

    return compare


@builtin("sort(list: list)")
def _sort_plain(items: list[Value]) -> list[Value]:
    for item in items:
        if order(items[0], item) is None:
            raise NoValue(f"{kind(items[0])} and {kind(item)} have no order")
    return sorted(items, key=cmp_to_key(lambda left, right: order(left, right) or 0))
