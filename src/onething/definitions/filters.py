"""The fields of an application by which clerks may filter their queue, and who may."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Self

from onething.definitions.service import Item, Lane, Service
from onething.errors import InvalidInput
from onething.forms import Component, Form, Label

_CLOSED = frozenset({"code", "codes", "boolean"})
"""Types with few values."""
_DATED = frozenset({"date", "datetime", "month"})
_TYPES = _CLOSED | _DATED | {"string", "division"}
_PROTECTED = frozenset({"sensitive", "child"})
_PROTECTED_TYPES = frozenset({"string", "date"})
"""What of protected values is filtered by: few different values would tell themselves by how
often they come."""
_DAY = len("2026-11-23")
MOST_DAYS = 31
"""A range is looked for day by day, since digests of days cannot be compared."""
_BETWEEN = "/"
"""Stands between the ends of a range. Source: ISO 8601-1, 5.5."""
LONGEST_VALUE = 100
"""A longer value is no value that somebody looks for."""


@dataclass(frozen=True, slots=True)
class FilterField:
    """One field that a queue can be filtered by."""

    service: str
    path: str
    """Place in the application; through a list it means the value in any row."""
    kind: str
    """choice, boolean, date, month, division or text."""
    group: Label
    label: Label
    component: Component = field(repr=False)
    readers: tuple[str, ...]
    """Who may filter by it: `police`, or `window/reception` for one post."""

    @property
    def key(self) -> str:
        """The field's name in addresses: `after-death:dead.sex`."""
        return f"{self.service}:{self.path}"

    @property
    def names_somebody(self) -> bool:
        """Whether its values name or number a single person or thing."""
        return self.kind == "text"

    def values(self, data: Mapping[str, Any]) -> set[str]:
        """Return what stands there in a case's data, as `comparable` writes it."""
        found = _at(data, self.path.split("."))
        told = {comparable(self.kind, one) for one in found}
        return {one for one in told if 0 < len(one) <= LONGEST_VALUE}


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days from a first to a last one, both included, as somebody asks for them."""

    first: str
    last: str

    @classmethod
    def of(cls, value: str) -> Self | None:
        """Read `2026-11-01/2026-11-30`; None for what is no range."""
        first, between, last = value.partition(_BETWEEN)
        return cls(first, last) if between else None

    def __str__(self) -> str:
        """Write it as `of` reads it."""
        return f"{self.first}{_BETWEEN}{self.last}"

    @property
    def fault(self) -> str:
        """What is wrong: `day` is none, wrong `order`, too `long`; empty where nothing is."""
        try:
            count = self._count
        except ValueError:
            return "day"
        if count < 1:
            return "order"
        return "long" if count > MOST_DAYS else ""

    @property
    def days(self) -> list[str]:
        """All its days, as `comparable` writes them.

        Raises:
            InvalidInput: It has a fault.
        """
        if self.fault:
            raise InvalidInput(f"A range has 1 to {MOST_DAYS} days, the last not before the first")
        first = date.fromisoformat(self.first)
        return [(first + timedelta(days=at)).isoformat() for at in range(self._count)]

    @property
    def _count(self) -> int:
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1


def filter_fields(service: Service, application: Form) -> tuple[FilterField, ...]:
    """Return the fields that somebody may filter by, in the order of the application."""
    return tuple(_fields(service, application.components, Label()))


def readers(service: Service, path: str) -> tuple[str, ...]:
    """Return who sees a value of the application and may filter by it, sorted.

    An item's declaration counts for its whole department, a lane's for its post.
    """
    found = {one.department for one in service.items if _offers(one, path)}
    lanes = [one for one in service.lanes if one.department and _offers(one, path)]
    return tuple(sorted(found | {f"{one.department}/{one.post or ''}" for one in lanes}))


def may_filter(among: Iterable[str], department: str | None, post: str | None) -> bool:
    """Whether a clerk of this department and post is one of the readers."""
    if not department:
        return False
    whole = {department, f"{department}/{post}"}
    return any(one in whole or (post is None and one.startswith(f"{department}/")) for one in among)


def comparable(kind: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value as it is compared: upper case, single blanks, dates as days."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(str(value).split()).upper()
    return text[:_DAY] if kind == "date" else text


def _fields(
    service: Service, components: Iterable[Component], group: Label
) -> Iterator[FilterField]:
    for one in components:
        if one.children:
            inner = one.label if one.label.zh else group
            yield from _fields(service, one.children, inner)
        kind = _kind(one)
        among = readers(service, _bare(one.path)) if kind else ()
        if kind and among:
            yield FilterField(service.code, _bare(one.path), kind, group, one.label, one, among)


def _kind(one: Component) -> str:
    """Return how a field is filtered by; an empty text where it is not."""
    element = one.element
    if element is None or not one.steps or element.type not in _TYPES:
        return ""
    if element.classification in _PROTECTED and element.type not in _PROTECTED_TYPES:
        return ""
    if element.rule == "address":
        return ""
    if one.options.fixed:
        return "choice"
    if element.type in _DATED:
        return "month" if element.type == "month" else "date"
    return {"boolean": "boolean", "division": "division"}.get(element.type, "text")


def _offers(of: Item | Lane, path: str) -> bool:
    """Whether an item or a lane lets its clerks filter by a value: it shows it, at least."""
    if not _holds(of.elements, path):
        return False
    return of.filters is None or _holds(of.filters, path)


def _holds(paths: Iterable[str], path: str) -> bool:
    bare = [_bare(one) for one in paths]
    return any(one in ("*", path) or path.startswith(f"{one}.") for one in bare)


def _bare(path: str) -> str:
    return path.replace("[]", "")


def _at(data: Any, steps: list[str]) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
    """Yield the values at a place, those of every row and of every choice of a list."""
    if isinstance(data, list):
        for one in data:
            yield from _at(one, steps)
    elif steps and isinstance(data, Mapping):
        yield from _at(data.get(steps[0]), steps[1:])
    elif not steps and isinstance(data, (str, bool, int)):
        yield data
