"""What a service takes off people: its items applied for one by one, and all at once. Pure.

Source: report §1.2 and §1.8 (减环节、减材料、减时限、减跑动); what they are made of is told in
docs/authoring/service.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from onething.catalog.arithmetic import Arithmetic, arithmetic
from onething.catalog.promised_days import Days, days_of
from onething.definitions import Definition, Item, MaterialRule
from onething.errors import NotFound
from onething.materials import BY_HAND

ONE_TRIP = 1
"""Trips of an item applied for by itself whose manifest names none: an assumption."""


@dataclass(frozen=True, slots=True)
class Needed:
    """One material that people bring."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SingleItem:
    """One item applied for by itself: nothing is shared, nothing is passed on."""

    item: str
    name: str
    name_en: str
    materials: tuple[Needed, ...]
    """What its department always wants, wherever it comes from."""
    in_some_cases: tuple[Needed, ...]
    """What it wants under a condition."""
    limit: str
    """Its promised limit, else the statutory one; empty: neither is known."""
    trips: int
    is_assumed: bool
    """Whether the trips are an assumption."""


@dataclass(frozen=True, slots=True)
class Relief:
    """The figures of one service, before and after.

    Time of special procedures, which stops the clocks, is counted on neither side.
    """

    singles: tuple[SingleItem, ...]
    is_example: bool
    """Whether not every item is counted, but those of the case that the manifest names."""
    is_assumed: bool
    """Whether it is an assumption that these items make a usual case."""
    fields: Arithmetic
    materials: tuple[Needed, ...]
    """What a person of the joint service always brings."""
    in_some_cases: tuple[Needed, ...]
    if_sharing_fails: tuple[Needed, ...]
    """What a person may be asked for where a shared source does not answer."""
    path: tuple[str, ...]
    """The items whose promises, one after the other, take longest."""
    days_before: Days
    days_after: Days
    without_limit: tuple[str, ...]
    """Items with neither a promised nor a statutory limit: counted as no days on both sides."""
    special: tuple[str, ...]
    """Special procedures whose time comes on top, on both sides."""
    trips_after: int

    @property
    def steps_before(self) -> int:
        """Applications, one an item."""
        return len(self.singles)

    @property
    def steps_after(self) -> int:
        """One application, and none where nothing is left to apply for."""
        return min(1, self.steps_before)

    @property
    def materials_before(self) -> int:
        """Materials that the single items always want, together."""
        return sum(len(one.materials) for one in self.singles)

    @property
    def trips_before(self) -> int:
        """Trips for the single items, together."""
        return sum(one.trips for one in self.singles)

    @property
    def assumes_trips(self) -> bool:
        """Whether one of the trips is an assumption."""
        return any(one.is_assumed for one in self.singles)


@lru_cache(maxsize=64)
def relief(definition: Definition, items: tuple[str, ...] = ()) -> Relief:
    """Reckon what a service takes off people.

    Args:
        definition: The service.
        items: Ids of the items that the case has; empty: those that its manifest names in
            `[relief]`, else every item.

    Raises:
        NotFound: The service has no such item.
        ModelRefused: The forms cannot be read, or contradict each other.
    """
    rule = definition.service.relief
    chosen = _chosen(definition, items or rule.items)
    rules = [material for item in chosen for material in item.materials]
    path = _longest(chosen)
    always = _needed(one for one in by_hand(rules) if one.required is True)
    perhaps = _needed(one for one in by_hand(rules) if isinstance(one.required, str))
    return Relief(
        singles=tuple(_single(item) for item in chosen),
        is_example=len(chosen) < len(definition.service.items),
        is_assumed=bool(rule.assumption) and not items,
        fields=arithmetic(definition, [item.id for item in chosen]),
        materials=always,
        in_some_cases=tuple(one for one in perhaps if one not in always),
        if_sharing_fails=_needed(one for one in rules if one.fallback and one.required is True),
        path=tuple(item.id for item in path),
        days_before=_days(chosen),
        days_after=_days(path),
        without_limit=tuple(item.id for item in chosen if days_of(_limit(item)) is None),
        special=tuple(dict.fromkeys(_special(chosen))),
        trips_after=joint_trips(chosen),
    )


def _chosen(definition: Definition, ids: Sequence[str]) -> list[Item]:
    """Return the items of the case in the order of the manifest."""
    known = {item.id for item in definition.service.items}
    for name in ids:
        if name not in known:
            raise NotFound(f"The service {definition.service.code} has no item {name}")
    return [item for item in definition.service.items if not ids or item.id in ids]


def _single(item: Item) -> SingleItem:
    return SingleItem(
        item=item.id,
        name=item.name,
        name_en=item.name_en,
        materials=_needed(one for one in item.materials if one.required is True),
        in_some_cases=_needed(one for one in item.materials if isinstance(one.required, str)),
        limit=_limit(item),
        trips=ONE_TRIP if item.trips is None else item.trips,
        is_assumed=_assumes_trips(item),
    )


def _assumes_trips(item: Item) -> bool:
    """Tell whether the trips of an item have no source: the manifest says so, or names none."""
    marks = item.assumption
    is_marked = marks if isinstance(marks, bool) else not {"trips", "joint_trips"}.isdisjoint(marks)
    return item.trips is None or is_marked


def by_hand(rules: Sequence[MaterialRule]) -> Iterator[MaterialRule]:
    """Yield what people bring: nothing that another item's source supplies."""
    supplied = {one.id for one in rules if one.source not in BY_HAND}
    yield from (one for one in rules if one.id not in supplied)


def _needed(rules: Iterator[MaterialRule]) -> tuple[Needed, ...]:
    """Return materials once each, by their ids."""
    return tuple(Needed(one.id, one.name) for one in {rule.id: rule for rule in rules}.values())


def _limit(item: Item) -> str:
    return item.promised or item.statutory


def _days(items: Sequence[Item]) -> Days:
    """Return how long the items take one after the other."""
    return sum((days_of(_limit(item)) or Days() for item in items), Days())


def _longest(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items, each after the one before, that take longest; the others run beside.

    A special procedure that is itself an item comes before: the clock stands still while it runs.
    """
    known: dict[str, tuple[Item, ...]] = {}

    def way_to(item: Item) -> tuple[Item, ...]:
        if item.id not in known:
            known[item.id] = ()  # an item that waits for itself waits for nothing
            before = (one for one in items if one.id in item.after or one.name in item.special)
            ways = [way for way in map(way_to, before) if item not in way]
            known[item.id] = (*max(ways, key=_length, default=()), item)
        return known[item.id]

    return max((way_to(item) for item in items), key=_length, default=())


def _length(items: Sequence[Item]) -> int:
    return _days(items).calendar_days


def _special(items: Sequence[Item]) -> Iterator[str]:
    """Yield the special procedures that are no item; `zero-fee` is a mark among them."""
    others = {"zero-fee", *(item.name for item in items)}
    return (name for item in items for name in item.special if name not in others)


def joint_trips(items: Sequence[Item]) -> int:
    """Count the trips of the joint service.

    Those that items name add up; what items that name none want to see on paper is shown at one
    visit to the joint window.
    """
    named = sum(item.joint_trips for item in items if item.joint_trips is not None)
    silent = [item.materials for item in items if item.joint_trips is None]
    rules = [one for materials in silent for one in materials if one.required is True]
    return named + any(one.source == "PAPER" for one in by_hand(rules))
