"""No sequence flow leaves an end event.

A token ends there. Source: BPMN 2.0.2 §10.5.3.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield end events that a sequence flow leaves."""
    for diagram, event in subject.elements("endEvent"):
        if diagram.elements.leaving(event):
            remedy = "Use an intermediate event, or remove the flow."
            yield on(diagram, event, "a sequence flow leaves an end event", remedy)
