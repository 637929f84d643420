"""No sequence flow enters a start event.

A token begins there. Source: BPMN 2.0.2 §10.5.2.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield start events that a sequence flow enters."""
    for diagram, event in subject.elements("startEvent"):
        if diagram.elements.entering(event):
            remedy = "Lead the flow to the node behind the start event."
            yield on(diagram, event, "a sequence flow enters a start event", remedy)
