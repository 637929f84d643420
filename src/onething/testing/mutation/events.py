"""Events that came: at a boundary, at the start of an event sub-process, or waited for."""

from collections.abc import Iterator
from functools import partial

from lxml import etree

from onething.catalog.diagram import parsed
from onething.catalog.elements import MODEL, Element
from onething.definitions import Package
from onething.testing.mutation.mutant import Mutant, by_id, edited, own_first, removed
from onething.testing.player import Played

_CAUGHT = ("boundaryEvent", "intermediateCatchEvent")


def without_events(package: Package, played: Played) -> Iterator[Mutant]:
    """Let each event that came never come: its place stays, so that the diagram stays whole."""
    taken = {flow for _, flow in played.flows}
    for path in own_first(package, ".bpmn"):
        root = parsed(package.files[path])
        sources = {
            str(flow.get("sourceRef")): str(flow.get("id"))
            for flow in root.iter(f"{MODEL}sequenceFlow")
            if flow.get("id") in taken
        }
        for event in _caught(root):
            if event in sources:
                make = edited(package, path, partial(_never, event))
                yield Mutant(f"event: {path}: {event}", sources[event], make)


def _caught(root: Element) -> Iterator[str]:
    for kind in _CAUGHT:
        yield from (str(event.get("id")) for event in root.iter(f"{MODEL}{kind}"))
    for scope in root.iter(f"{MODEL}subProcess"):
        if scope.get("triggeredByEvent") == "true":
            yield from (str(event.get("id")) for event in scope.iterchildren(f"{MODEL}startEvent"))


def _never(name: str, root: Element) -> None:
    """Let an event wait for a condition that does not hold, whatever it waited for."""
    event = by_id(root, name)
    for definition in [one for one in event if str(one.tag).endswith("EventDefinition")]:
        removed(definition)
    definition = etree.SubElement(event, f"{MODEL}conditionalEventDefinition", id=f"{name}-never")
    etree.SubElement(definition, f"{MODEL}condition").text = "=false"
