"""Paths into JSON data: `dead.idNo`, `heirs[0].name`, and the template `heirs[].name`."""

import copy
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from onething.forms.json_value import Json

Steps = tuple[str | int, ...]
"""A parsed path: keys of contexts and positions in lists."""

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")


def steps_of(path: str) -> Steps:
    """Take a path apart.

    Args:
        path: keys joined by dots, positions in brackets.
    """
    return tuple(
        int(match[2]) if match[2] is not None else match[1] for match in _STEP.finditer(path)
    )


def name_of(steps: Sequence[str | int]) -> str:
    """Write steps as a path, the name that a field has in an HTML form."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def read(data: Json, steps: Sequence[str | int]) -> Json:
    """Give the value at a place, or None where there is none."""
    for step in steps:
        if isinstance(step, int):
            if not isinstance(data, list) or step >= len(data):
                return None
            data = data[step]
        else:
            if not isinstance(data, dict) or step not in data:
                return None
            data = data[step]
    return data


def holds(data: Json, steps: Sequence[str | int]) -> bool:
    """Whether something, None included, stands at a place."""
    parent = read(data, steps[:-1])
    last = steps[-1]
    if isinstance(last, int):
        return isinstance(parent, list) and last < len(parent)
    return isinstance(parent, dict) and last in parent


def put(data: dict[str, Json], steps: Sequence[str | int], value: Json) -> None:
    """Set the value at a place; contexts and rows on the way are made.

    Rows are made one after the other: a position is at most the length of its list.
    """
    place: Json = data
    for step, following in pairwise(steps):
        fresh: Json = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            if step == len(place):
                place.append(fresh)
        elif not isinstance(place.get(step), type(fresh)):
            place[step] = fresh
        place = place[step]
    last = steps[-1]
    if isinstance(last, int) and last == len(place):
        place.append(value)
    else:
        place[last] = value


def remove(data: Json, steps: Sequence[str | int]) -> None:
    """Take away what stands at a key of a context; nothing happens where nothing stands."""
    parent = read(data, steps[:-1])
    if isinstance(parent, dict):
        parent.pop(steps[-1], None)


def pinned(data: Mapping[str, Json], values: Mapping[str, Json]) -> dict[str, Json]:
    """Give a copy of the data with values put at paths, whatever stood there.

    A value whose row is no row in the data is left out: the data are refused for that anyway.
    """
    whole: dict[str, Json] = copy.deepcopy(dict(data))
    for path, value in values.items():
        steps = steps_of(path)
        if _takes(whole, steps):
            put(whole, steps, value)
    return whole


def _takes(data: Json, steps: Sequence[str | int]) -> bool:
    """Whether `put` can make its way: what stands at a row is a context, and no row is missing."""
    for step, following in pairwise(steps):
        if isinstance(step, int):
            if step > len(data) or (step < len(data) and not isinstance(data[step], dict)):
                return False
            data = data[step] if step < len(data) else {}
        else:
            kind = list if isinstance(following, int) else dict
            inside = data.get(step)
            data = inside if isinstance(inside, kind) else kind()
    return True
