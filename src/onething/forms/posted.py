"""What a browser posts, put into the shape of the form's data.

Names are paths: `dead.idNo`, `heirs[0].name`. Names that no field has are dropped here.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeGuard

from onething.errors import TooLarge
from onething.forms.component import Component
from onething.forms.json_value import Json
from onething.forms.paths import Steps, name_of, put

MOST_NAMES = 5_000
MOST_ROWS = 200
"""Most rows of one repeating group."""

_MULTIPLE = frozenset({"choices", "file"})


class MultiDict(Protocol):
    """The fields of an HTML form: werkzeug's MultiDict, or Posted."""

    def getlist(self, key: str) -> list[str]:
        """Give all values of a name, in order."""

    def keys(self) -> Iterable[str]:
        """Give the names."""


class Posted(dict[str, list[str]]):
    """The fields of an HTML form as a plain dict of lists."""

    def getlist(self, key: str) -> list[str]:
        """Give all values of a name, in order."""
        return self.get(key, [])


def is_posted(raw: MultiDict | Mapping[str, Json]) -> TypeGuard[MultiDict]:
    """Whether the input comes from an HTML form and not from JSON."""
    return hasattr(raw, "getlist")


def nested(components: tuple[Component, ...], raw: MultiDict) -> dict[str, Json]:
    """Put posted fields into nested data.

    A tick-box or checklist that a page shows but the browser left out is given as not ticked;
    rows that are blank all through are dropped, so that a page may show spare ones.

    Raises:
        TooLarge: more names or rows than any form has.
    """
    names = set(raw.keys())
    if len(names) > MOST_NAMES:
        raise TooLarge(f"more than {MOST_NAMES} fields")
    data: dict[str, Json] = {}
    _fill(components, raw, names, (), data)
    return data


def _fill(
    components: tuple[Component, ...],
    raw: MultiDict,
    names: set[str],
    base: Steps,
    data: dict[str, Json],
) -> None:
    for component in components:
        steps = (*base, *component.steps)
        if component.type == "dynamiclist":
            put(data, steps, list(_rows(component, raw, names, steps)))
        elif component.children:
            _fill(component.children, raw, names, steps, data)
        elif component.is_field:
            _take(component, raw, names, steps, data)


def _take(
    component: Component, raw: MultiDict, names: set[str], steps: Steps, data: dict[str, Json]
) -> None:
    name = name_of(steps)
    if name in names:
        values = raw.getlist(name)
        multiple = component.value_type in _MULTIPLE
        put(data, steps, values if multiple else values[-1] if values else None)
    elif component.type == "checkbox":
        put(data, steps, False)
    elif component.value_type == "choices":
        put(data, steps, [])


def _rows(
    component: Component, raw: MultiDict, names: set[str], steps: Steps
) -> Iterable[dict[str, Json]]:
    prefix = name_of(steps)
    found = re.compile(re.escape(prefix) + r"\[(\d{1,6})\]")
    matches = (found.match(name) for name in names)
    numbers = sorted({int(match[1]) for match in matches if match})
    if len(numbers) > MOST_ROWS:
        raise TooLarge(f"more than {MOST_ROWS} rows in {prefix}")
    for number in numbers:
        row: dict[str, Json] = {}
        _fill_row(component.children, raw, names, (*steps, number), row)
        if not _is_empty(row):
            yield row


def _fill_row(
    components: tuple[Component, ...],
    raw: MultiDict,
    names: set[str],
    row_steps: Steps,
    row: dict[str, Json],
) -> None:
    """Fill one row: names carry the row's posted number, the row's data start at its top."""
    shifted = _Shifted(raw, name_of(row_steps))
    inside = {name.removeprefix(f"{shifted.prefix}.") for name in names if _below(name, shifted)}
    _fill(components, shifted, inside, (), row)


class _Shifted:
    """A view on the posted fields of one row, with the row's own prefix taken off."""

    def __init__(self, raw: MultiDict, prefix: str) -> None:
        self.raw = raw
        self.prefix = prefix

    def getlist(self, key: str) -> list[str]:
        return self.raw.getlist(f"{self.prefix}.{key}")

    def keys(self) -> Iterable[str]:
        start = f"{self.prefix}."
        names = self.raw.keys()
        return [key.removeprefix(start) for key in names if key.startswith(start)]


def _below(name: str, shifted: _Shifted) -> bool:
    return name.startswith(f"{shifted.prefix}.")


def _is_empty(value: Json) -> bool:
    if isinstance(value, dict):
        return all(_is_empty(part) for part in value.values())
    if isinstance(value, list):
        return all(_is_empty(part) for part in value)
    return value is None or value is False or (isinstance(value, str) and not value.strip())
