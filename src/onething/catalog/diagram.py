"""Diagrams as rules look at them: nodes and flows with what their extensions say."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from onething.catalog.elements import (
    MODEL,
    NODES,
    SCOPES,
    Element,
    Elements,
    children,
    kind_of,
    line_of,
)

ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
_SILENT = NODES | {"extensionElements", "documentation", "sequenceFlow", "laneSet"}
"""Parts of a node whose texts are not its own expressions."""
_SHOWN = "{http://www.omg.org/spec/BPMN/20100524/DI}"


@dataclass(frozen=True)
class Node:
    """One flow node of a diagram."""

    file: str
    process: str
    element: Element
    lane: str | None

    @property
    def id(self) -> str:
        """The BPMN id."""
        return self.element.get("id") or ""

    @cached_property
    def kind(self) -> str:
        """The element's name in the standard, such as `userTask`."""
        return kind_of(self.element)

    @property
    def name(self) -> str:
        """What the diagram shows."""
        return (self.element.get("name") or "").strip()

    @property
    def line(self) -> int | None:
        """The line in its file."""
        return line_of(self.element)

    @property
    def scope(self) -> Element | None:
        """The process or sub-process around it."""
        return self.element.getparent()

    def extension(self, name: str, attribute: str) -> str | None:
        """Return an attribute of a zeebe element, or None."""
        found = self._extensions.find(f"{ZEEBE}{name}") if self._extensions is not None else None
        return None if found is None else found.get(attribute) or None

    @cached_property
    def _extensions(self) -> Element | None:
        return self.element.find(f"{MODEL}extensionElements")

    @cached_property
    def properties(self) -> dict[str, str]:
        """The `onething:` properties as written, without the prefix."""
        return {
            (one.get("name") or "").removeprefix("onething:"): one.get("value") or ""
            for one in self._parts("properties", "property")
            if (one.get("name") or "").startswith("onething:")
        }

    @cached_property
    def inputs(self) -> dict[str, str]:
        """The input mappings: source as written, by target."""
        parts = self._parts("ioMapping", "input")
        return {one.get("target") or "": one.get("source") or "" for one in parts}

    def _parts(self, container: str, part: str) -> list[Element]:
        if self._extensions is None:
            return []
        return self._extensions.findall(f"{ZEEBE}{container}/{ZEEBE}{part}")

    def expressions(self) -> Iterator[str]:
        """Yield every FEEL text of the node: mappings, properties, timers, scripts, loops."""
        own = [self._extensions] if self._extensions is not None else []
        own += [one for one in self.element if kind_of(one) not in _SILENT]
        for part in own:
            for one in part.iter("{*}*"):
                if one.get("name") != "onething:basis":
                    values = [str(value) for value in one.attrib.values()]
                    values.append((one.text or "").strip())
                    yield from (value for value in values if value.startswith("="))


@dataclass(frozen=True)
class Flow:
    """One sequence flow of a diagram."""

    file: str
    process: str
    element: Element

    @property
    def id(self) -> str:
        """The BPMN id."""
        return self.element.get("id") or ""

    @property
    def name(self) -> str:
        """What the diagram shows."""
        return (self.element.get("name") or "").strip()

    @property
    def line(self) -> int | None:
        """The line in its file."""
        return line_of(self.element)

    @property
    def source(self) -> str:
        """Id of the node that it leaves."""
        return self.element.get("sourceRef") or ""

    @property
    def target(self) -> str:
        """Id of the node that it enters."""
        return self.element.get("targetRef") or ""

    @property
    def condition(self) -> str:
        """The condition as written, or an empty text."""
        return (self.element.findtext(f"{MODEL}conditionExpression") or "").strip()


class Diagram:
    """One BPMN file that the engine has read without complaint."""

    def __init__(self, file: str, data: bytes) -> None:
        self.file = file
        self.root = parsed(data)
        self.elements = Elements(self.root)

    @cached_property
    def processes(self) -> list[str]:
        """Ids of the file's processes."""
        return [one.get("id") or "" for one in self.elements.of("process")]

    @cached_property
    def nodes(self) -> list[Node]:
        """Every flow node, those of sub-processes too."""
        return [
            Node(self.file, process.get("id") or "", one, lanes.get(one.get("id") or ""))
            for process in self.root.iter(f"{MODEL}process")
            for lanes in [_lanes(process)]
            for one in process.iter(*(f"{MODEL}{kind}" for kind in NODES))
        ]

    @cached_property
    def flows(self) -> list[Flow]:
        """Every sequence flow, those of sub-processes too."""
        return [
            Flow(self.file, process.get("id") or "", one)
            for process in self.root.iter(f"{MODEL}process")
            for one in process.iter(f"{MODEL}sequenceFlow")
        ]

    @property
    def places(self) -> list[Node | Flow]:
        """Every node and every flow."""
        return [*self.nodes, *self.flows]

    @cached_property
    def drawn(self) -> frozenset[str]:
        """Ids of everything that the diagram interchange shows."""
        shown = self.root.iter(f"{_SHOWN}BPMNShape", f"{_SHOWN}BPMNEdge")
        return frozenset(one.get("bpmnElement") or "" for one in shown)

    def leaving(self, node: Node) -> list[Flow]:
        """Return the flows that leave a node."""
        return self._leaving.get(node.id, [])

    @cached_property
    def _leaving(self) -> dict[str, list[Flow]]:
        found: dict[str, list[Flow]] = {}
        for flow in self.flows:
            found.setdefault(flow.source, []).append(flow)
        return found


def parsed(data: bytes) -> Element:
    """Return the root element of a file that the engine or `decisions` has accepted."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def _lanes(process: Element) -> dict[str, str]:
    """Return the lane's name by node id; inside a sub-process the lane around it holds."""
    found: dict[str, str] = {}
    for lane in process.iter(f"{MODEL}lane"):
        for reference in lane.findall(f"{MODEL}flowNodeRef"):
            found[(reference.text or "").strip()] = lane.get("name") or lane.get("id") or ""
    for scope in process.iter(*(f"{MODEL}{kind}" for kind in SCOPES)):
        around = found.get(scope.get("id") or "")
        if around:
            for inner in children(scope):
                found.setdefault(inner.get("id") or "", around)
    return found
