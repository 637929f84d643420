"""A way leads on from a boundary event.

Without one its branch ends there. Source: BPMN 2.0.2 §10.5.4.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield boundary events that no sequence flow leaves, compensation apart."""
    for diagram, event in subject.elements("boundaryEvent"):
        is_left = bool(diagram.elements.leaving(event))
        if not is_left and "compensate" not in diagram.elements.triggers(event):
            message = "no sequence flow leaves the boundary event"
            yield on(diagram, event, message, "Draw what happens when it is triggered.")
