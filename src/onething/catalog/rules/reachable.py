"""Every node can be reached from a start.

What no token reaches is a promise of the drawing that the process never keeps.
"""

from collections.abc import Iterator

from onething.catalog.diagram import Diagram, Node
from onething.catalog.elements import MODEL, Element
from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes to which no way leads."""
    for diagram in subject.diagrams:
        reached = _reached(diagram)
        for node in diagram.nodes:
            if node.id not in reached:
                remedy = "Draw a flow to it, or remove it."
                yield at(node, "no way leads to this node", remedy)


def _reached(diagram: Diagram) -> set[str]:
    ways: dict[str, list[str]] = {}
    for flow in diagram.flows:
        ways.setdefault(flow.source, []).append(flow.target)
    for link in diagram.root.iter(f"{MODEL}association"):
        ends = (link.get("sourceRef") or "", link.get("targetRef") or "")
        ways.setdefault(ends[0], []).append(ends[1])
        ways.setdefault(ends[1], []).append(ends[0])
    for node in diagram.nodes:
        host = node.element.get("attachedToRef")
        if host:
            ways.setdefault(host, []).append(node.id)
    entered = set(ways_into(diagram))
    started = {one.getparent() for one in diagram.elements.of("startEvent")}
    todo = [node.id for node in diagram.nodes if _begins(node, entered, started)]
    reached: set[str] = set()
    while todo:
        here = todo.pop()
        if here not in reached:
            reached.add(here)
            todo += ways.get(here, [])
    return reached


def ways_into(diagram: Diagram) -> Iterator[str]:
    """Yield the nodes that some flow enters."""
    yield from (flow.target for flow in diagram.flows)


def _begins(node: Node, entered: set[str], started: set[Element | None]) -> bool:
    """Whether a token may begin here: starts, event sub-processes, catching links, ad-hoc parts."""
    if node.kind == "startEvent" or node.element.get("triggeredByEvent") == "true":
        return True
    if node.element.find(f"{MODEL}linkEventDefinition") is not None:
        return True
    scope = node.scope
    if scope is None or node.id in entered or node.kind == "boundaryEvent":
        return False
    if scope.tag == f"{MODEL}adHocSubProcess":
        return True
    # Source: BPMN 2.0 §13.2.2: without a start event, nodes that nothing enters begin.
    is_handler = node.element.get("isForCompensation") == "true"
    return scope not in started and not is_handler
