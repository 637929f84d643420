"""Events that came: at a boundary, at the start of an event sub-process, or waited for."""

from collections.abc import Iterator
from functools import partial

from lxml import etree

from onething.catalog.diagram import parsed
from onething.catalog.elements import MODEL, Element
from onething.definitions import Package
from onething.testing.mutation.mutant import Mutant, by_id, edited, own_first, removed
from onething.testing.player import Played

_REFERENCES = frozenset({"flowNodeRef", "incoming", "outgoing"})


def without_events(package: Package, played: Played) -> Iterator[Mutant]:
    """Take out each event that came: at a boundary, in a sub-process of its own, or waited for."""
    taken = {flow for _, flow in played.flows}
    for path in own_first(package, ".bpmn"):
        root = parsed(package.files[path])
        for event, flow in (*_left(root, taken, "boundaryEvent"), *_ran(root, taken)):
            make = edited(package, path, partial(_cut, event))
            yield Mutant(f"event: {path}: {event}", flow, make)
        for event, flow in _left(root, taken, "intermediateCatchEvent"):
            make = edited(package, path, partial(_never, event))
            yield Mutant(f"event: {path}: {event}", flow, make)


def _left(root: Element, taken: set[str], kind: str) -> Iterator[tuple[str, str]]:
    sources = {
        flow.get("sourceRef"): str(flow.get("id"))
        for flow in root.iter(f"{MODEL}sequenceFlow")
        if flow.get("id") in taken
    }
    for event in root.iter(f"{MODEL}{kind}"):
        name = str(event.get("id"))
        if name in sources:
            yield name, sources[name]


def _ran(root: Element, taken: set[str]) -> Iterator[tuple[str, str]]:
    for scope in root.iter(f"{MODEL}subProcess"):
        inside = [str(flow.get("id")) for flow in scope.iter(f"{MODEL}sequenceFlow")]
        used = [flow for flow in inside if flow in taken]
        if scope.get("triggeredByEvent") == "true" and used:
            yield str(scope.get("id")), used[0]


def _cut(name: str, root: Element) -> None:
    """Take an element out with all inside it, its flows, shapes and lane entries."""
    gone = {str(one.get("id")) for one in by_id(root, name).iter("{*}*") if one.get("id")}
    gone |= {
        str(flow.get("id"))
        for flow in root.iter(f"{MODEL}sequenceFlow")
        if flow.get("sourceRef") == name
    }
    for element in list(root.iter("{*}*")):
        names = {element.get("id"), element.get("bpmnElement")}
        is_reference = etree.QName(element).localname in _REFERENCES
        if names & gone or (is_reference and (element.text or "").strip() in gone):
            removed(element)


def _never(name: str, root: Element) -> None:
    """Let an event that is waited for come in a hundred years."""
    event = by_id(root, name)
    for definition in [one for one in event if str(one.tag).endswith("EventDefinition")]:
        removed(definition)
    timer = etree.SubElement(event, f"{MODEL}timerEventDefinition", id=f"{name}-never")
    etree.SubElement(timer, f"{MODEL}timeDuration").text = "P100Y"
