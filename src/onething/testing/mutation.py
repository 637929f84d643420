"""Taking rules out of a model: a scenario that stays green then proves nothing.

A mutant is the frozen package with one rule less: a row of a decision table, a condition,
a boundary event, a demand of a form, the subject of the service. Of all that could be
taken out only what a scenario used is offered, own rules before shared ones.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from onething.catalog.diagram import parsed
from onething.catalog.elements import MODEL, Element
from onething.definitions import Package
from onething.testing.player import Played

_DEMANDS = ("element", "check", "required", "readonly")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A package with one rule less."""

    what: str
    """The rule that was taken out, as `kind: file: id`."""
    package: Package


def mutants(package: Package, played: Played) -> Iterator[Mutant]:
    """Yield the mutants that could turn a scenario red, the likeliest first.

    Args:
        package: The package on which the scenario is green.
        played: What playing it there showed.
    """
    yield from _without_demands(package, played)
    yield from _without_subject(package, played)
    yield from _without_rows(package, played)
    yield from _with_flipped_conditions(package, played)
    yield from _without_boundary_events(package, played)


def _own_first(package: Package, suffix: str) -> list[str]:
    own = f"/{package.code}/"
    return sorted(package.ending(suffix), key=lambda path: ("/_shared/" in path, own not in path))


def _changed(package: Package, path: str, root: Element) -> Package:
    return Package(package.code, {**package.files, path: etree.tostring(root)})


def _without_rows(package: Package, played: Played) -> Iterator[Mutant]:
    """Take out each row of a decision table that matched; decisions taken last go first."""
    rows = [row for rules in reversed(played.decisions.values()) for row in sorted(rules)]
    places = {
        rule.get("id"): path
        for path in _own_first(package, ".dmn")
        for rule in parsed(package.files[path]).iter("{*}rule")
    }
    for row in sorted(rows, key=lambda one: "/_shared/" in places.get(one, "/_shared/")):
        path = places.get(row)
        if path is None:
            continue
        root = parsed(package.files[path])
        for rule in root.iter("{*}rule"):
            if rule.get("id") == row:
                _remove(rule)
                break
        yield Mutant(f"row: {path}: {row}", _changed(package, path, root))


def _with_flipped_conditions(package: Package, played: Played) -> Iterator[Mutant]:
    """Turn each condition that held into its contrary."""
    taken = {flow for _, flow in played.flows}
    for path in _own_first(package, ".bpmn"):
        root = parsed(package.files[path])
        for condition in list(root.iter(f"{MODEL}conditionExpression")):
            flow = condition.getparent()
            if flow is None or flow.get("id") not in taken:
                continue
            before = condition.text
            condition.text = f"=not({(before or '').strip().removeprefix('=')})"
            yield Mutant(f"condition: {path}: {flow.get('id')}", _changed(package, path, root))
            condition.text = before


def _without_boundary_events(package: Package, played: Played) -> Iterator[Mutant]:
    """Take out each boundary event that was left, with its flows and lane entries."""
    taken = {flow for _, flow in played.flows}
    for path in _own_first(package, ".bpmn"):
        for event_id in _fired(parsed(package.files[path]), taken):
            root = parsed(package.files[path])
            _cut(root, event_id)
            yield Mutant(f"event: {path}: {event_id}", _changed(package, path, root))


def _fired(root: Element, taken: set[str]) -> list[str]:
    sources = {
        flow.get("sourceRef")
        for flow in root.iter(f"{MODEL}sequenceFlow")
        if flow.get("id") in taken
    }
    events = [event.get("id") or "" for event in root.iter(f"{MODEL}boundaryEvent")]
    return [event for event in events if event in sources]


def _cut(root: Element, event_id: str) -> None:
    flows = {
        flow.get("id")
        for flow in root.iter(f"{MODEL}sequenceFlow")
        if flow.get("sourceRef") == event_id
    }
    gone = {event_id, *flows}
    for element in list(root.iter("{*}*")):
        names = {element.get("id"), element.get("bpmnElement")}
        is_reference = etree.QName(element).localname in {"flowNodeRef", "incoming", "outgoing"}
        if names & gone or (is_reference and (element.text or "").strip() in gone):
            _remove(element)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _without_demands(package: Package, played: Played) -> Iterator[Mutant]:
    """Take the demands off the fields whose refusal the scenario expects."""
    fields = [
        field
        for expect in played.scenario.expect
        for field in expect.get("error", {}).get("fields", ())
    ]
    for path in _own_first(package, ".form") if fields else ():
        form = json.loads(package.files[path])
        if _relaxed(form, {field.rpartition(".")[2] for field in fields}):
            data = json.dumps(form, ensure_ascii=False).encode()
            changed = Package(package.code, {**package.files, path: data})
            yield Mutant(f"demands: {path}: {', '.join(fields)}", changed)


def _relaxed(component: dict[str, Any], names: set[str]) -> bool:
    """Take the demands off the components whose key ends so; return whether there was one.

    Rows of a list have keys of their own: the last part of the path is what tells a field.
    """
    found = False
    if str(component.get("key", "")).rpartition(".")[2] in names:
        component.pop("validate", None)
        properties = component.get("properties", {})
        for name in _DEMANDS:
            properties.pop(name, None)
        found = True
    for inner in component.get("components", ()):
        found = _relaxed(inner, names) or found
    return found


def _without_subject(package: Package, played: Played) -> Iterator[Mutant]:
    """Let a second application on the same subject through, where the scenario expects none."""
    codes = {expect.get("error", {}).get("code") for expect in played.scenario.expect}
    if "case-already-open" not in codes:
        return
    path = f"bpmn/{package.code}/service.toml"
    lines = package.files[path].decode("utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith("subject ="))
    changed = Package(package.code, {**package.files, path: kept.encode()})
    yield Mutant(f"subject: {path}: subject", changed)
