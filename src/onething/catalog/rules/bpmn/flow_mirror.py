"""What a node calls its incoming or outgoing flow enters or leaves that node.

The mirror in the node and the ends of the flow say the same thing, or nobody knows which one
is meant. Source: BPMN 2.0.2 §8.4.7, §8.4.13.
"""

from collections.abc import Iterator

from onething.catalog.elements import NODES, children, text_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_ENDS = {"incoming": "targetRef", "outgoing": "sourceRef"}


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes that mirror a flow which is missing or ends elsewhere."""
    for diagram, node in subject.elements(*sorted(NODES)):
        for way, end in _ENDS.items():
            for mirror in children(node, way):
                flow = diagram.elements.find(text_of(mirror))
                if flow is None or diagram.elements.find(flow.get(end)) is not node:
                    message = f"{way} names {text_of(mirror)!r}, which is no {way} flow of it"
                    yield on(diagram, node, message, f"Correct the {end} of the flow.")
