"""Events: boundary events that were left, event sub-processes that ran, what a task undoes."""

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
    """Take out each boundary event that was left and each event sub-process that ran."""
    taken = {flow for _, flow in played.flows}
    for path in own_first(package, ".bpmn"):
        root = parsed(package.files[path])
        for event, flow in (*_left(root, taken), *_ran(root, taken)):
            yield Mutant(
                f"event: {path}: {event}", flow, edited(package, path, partial(_cut, event))
            )


def _left(root: Element, taken: set[str]) -> Iterator[tuple[str, str]]:
    sources = {
        flow.get("sourceRef"): str(flow.get("id"))
        for flow in root.iter(f"{MODEL}sequenceFlow")
        if flow.get("id") in taken
    }
    for event in root.iter(f"{MODEL}boundaryEvent"):
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
