"""What people read in a diagram has a name.

Tasks, events and deciding gateways are read by clerks and auditors; a gateway that only joins
needs none, nor do the plain ends of a sub-process, which has the name.
"""

from collections.abc import Iterator

from onething.catalog.diagram import Node
from onething.catalog.elements import MODEL
from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "warning"
_SILENT = frozenset({"parallelGateway", "eventBasedGateway", "complexGateway"})


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes without a name, and unlabelled ways out of a deciding gateway."""
    for diagram in subject.diagrams:
        for node in diagram.nodes:
            leaving = diagram.leaving(node) if node.kind.endswith("Gateway") else []
            is_joining = node.kind.endswith("Gateway") and len(leaving) == 1
            is_silent = node.kind in _SILENT or is_joining or _is_edge_of_inside(node)
            if not node.name and not is_silent:
                yield at(node, "it has no name", "Say what is done, or what happened.")
            if node.kind in {"exclusiveGateway", "inclusiveGateway"} and len(leaving) > 1:
                for flow in leaving:
                    if not flow.name:
                        remedy = "Write the answer on the flow."
                        yield at(flow, "a way out of a question has no label", remedy)


def _is_edge_of_inside(node: Node) -> bool:
    """Whether a node is the plain start or end of a sub-process."""
    is_edge = node.kind in {"startEvent", "endEvent"}
    is_plain = not any(str(one.tag).endswith("EventDefinition") for one in node.element)
    return is_edge and is_plain and node.scope is not None and node.scope.tag != f"{MODEL}process"
