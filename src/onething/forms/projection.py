"""Showing a department only what its item declares. Source: 个人信息保护法 art. 6."""

from collections.abc import Iterable, Mapping

from onething.forms.json_value import Json


def project(data: Mapping[str, Json], paths: Iterable[str]) -> dict[str, Json]:
    """Keep of the data only what stands at the declared paths.

    A path names a value or a whole context (`dead.idNo`, `dead`); through a list it names the
    value in every row (`heirs.name`, or `heirs[].name`).
    """
    wanted: dict[str, Json] = {}
    for path in paths:
        _want(wanted, path.replace("[]", "").split("."))
    return _kept(data, wanted)


def _want(wanted: dict[str, Json], keys: list[str]) -> None:
    """Note a path in a tree of keys; an empty branch wants all below it."""
    place = wanted
    for key in keys[:-1]:
        if place.get(key) == {} and key in place:
            return
        place = place.setdefault(key, {})
    place[keys[-1]] = {}


def _kept(data: Mapping[str, Json], wanted: Mapping[str, Json]) -> dict[str, Json]:
    kept: dict[str, Json] = {}
    for key, below in wanted.items():
        if key not in data:
            continue
        value = data[key]
        if not below:
            kept[key] = value
        elif isinstance(value, Mapping):
            kept[key] = _kept(value, below)
        elif isinstance(value, list):
            kept[key] = [_kept(row, below) for row in value if isinstance(row, Mapping)]
    return kept
