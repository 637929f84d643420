"""A node beside a start event has an incoming flow.

No token would ever reach it. Start and boundary events, link targets, event sub-processes,
compensation handlers, instantiating nodes and the content of an ad-hoc sub-process begin by
themselves. Source: BPMN 2.0.2 §10.5.2.
"""

from collections.abc import Iterator

from onething.catalog.elements import NODES, SCOPES, Element, Elements, children, is_true, kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_BEGINS = frozenset({"startEvent", "boundaryEvent"})


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes without incoming flow where their scope has a start event."""
    for diagram, scope in subject.elements("process", *sorted(SCOPES - {"adHocSubProcess"})):
        nodes = [one for one in children(scope) if kind_of(one) in NODES]
        if any(kind_of(one) == "startEvent" for one in nodes):
            for node in nodes:
                if not diagram.elements.entering(node) and not _begins(diagram.elements, node):
                    message = "no sequence flow leads to it, and its scope has a start event"
                    yield on(diagram, node, message, "Draw a flow to it, or remove it.")


def _begins(elements: Elements, node: Element) -> bool:
    own_start = ("triggeredByEvent", "isForCompensation", "instantiate")
    is_target = kind_of(node) == "intermediateCatchEvent" and "link" in elements.triggers(node)
    return kind_of(node) in _BEGINS or is_target or any(is_true(node, one) for one in own_start)
