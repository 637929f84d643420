"""A node names its incoming and outgoing flows.

The flow itself decides; some tools read the mirror. Source: BPMN 2.0.2 §8.4.7.
"""

from collections.abc import Iterator

from onething.catalog.elements import NODES, children
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes with fewer mirrors than flows."""
    for diagram, node in subject.elements(*sorted(NODES)):
        for way, flows in (
            ("incoming", diagram.elements.entering(node)),
            ("outgoing", diagram.elements.leaving(node)),
        ):
            if len(children(node, way)) < len(flows):
                message = f"it does not name every {way} flow"
                yield on(diagram, node, message, "Save the diagram with a BPMN modeller.")
