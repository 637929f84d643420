"""Rows and bounds of the decision tables that a scenario asked."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from onething import decisions, feel
from onething.catalog.diagram import parsed
from onething.catalog.elements import Element
from onething.definitions import Package
from onething.errors import OnethingError
from onething.testing.mutation.mutant import Mutant, by_id, edited, own_first, removed
from onething.testing.player import Decided, Played

_STRICT = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_COMPARISON = re.compile(r"^\s*(<=|>=|<|>)(?!=)")
_INSIDE = re.compile(r"(?<= )(<=|>=|<|>)(?= )")
_RANGE = re.compile(r"^\s*([\[(])(.*\.\..*)([\])])\s*$")
_OTHER_END = {"[": "(", "(": "[", "]": ")", ")": "]"}


def without_rows(package: Package, played: Played) -> Iterator[Mutant]:
    """Take out each row of a decision table that matched; decisions taken last go first."""
    places = {
        str(rule.get("id")): path
        for path in own_first(package, ".dmn")
        for rule in parsed(package.files[path]).iter("{*}rule")
    }
    rows = dict.fromkeys(row for one in reversed(played.decided) for row in one.rules)
    for row in rows:
        path = places.get(row)
        if path is not None:
            make = edited(package, path, partial(_without, row))
            yield Mutant(f"row: {path}: {row}", row, make)


def _without(row: str, root: Element) -> None:
    removed(by_id(root, row))


def with_moved_bounds(package: Package, played: Played) -> Iterator[Mutant]:
    """Move each bound on which a value lies: where `< 40` becomes `<= 40` other rows match."""
    for path in own_first(package, ".dmn"):
        root = parsed(package.files[path])
        held = {one.get("id") for one in root.iter("{*}decision")}
        asked = [one for one in played.decided if one.decision in held]
        for name, use, moved in _bounds(root) if asked else ():
            make = edited(package, path, partial(_reword, name, moved))
            if _matches_others(make(), path, asked):
                yield Mutant(f"bound: {path}: {name}", use, make)


def _bounds(root: Element) -> Iterator[tuple[str, str, str]]:
    """Yield the id of each cell or expression with a bound, that of its row, and it moved."""
    for entry in root.iter("{*}inputEntry"):
        moved = _moved(entry.findtext("{*}text") or "")
        if moved:
            yield str(entry.get("id")), str(entry.xpath("string(../@id)")), moved
    for expression in root.iter("{*}literalExpression"):
        text, name = expression.findtext("{*}text") or "", str(expression.get("id"))
        for sign in _INSIDE.finditer(text):
            yield name, name, text[: sign.start()] + _STRICT[sign[0]] + text[sign.end() :]


def _matches_others(changed: Package, path: str, asked: Iterable[Decided]) -> bool:
    """Whether a changed file matches other rows on what a decision was asked."""
    folder = path.rpartition("/")[0]
    beside = {one: data for one, data in changed.ending(".dmn").items() if one.startswith(folder)}
    model = decisions.parse_all(beside)[path]
    for one in asked:
        env = feel.Environment(now=one.now)
        try:
            found = model.evaluate(one.decision, one.inputs, env)
        except OnethingError:
            return True
        if [match.rule_id for match in found.matched] != list(one.rules):
            return True
    return False


def _moved(cell: str) -> str | None:
    """Return a cell with its bound taken in where it was left out, and the other way round."""
    comparison = _COMPARISON.match(cell)
    if comparison:
        return _STRICT[comparison[1]] + cell[comparison.end() :]
    ends = _RANGE.match(cell)
    return f"{_OTHER_END[ends[1]]}{ends[2]}{_OTHER_END[ends[3]]}" if ends else None


def _reword(name: str, text: str, root: Element) -> None:
    entry = by_id(root, name).find("{*}text")
    if entry is not None:
        entry.text = text
