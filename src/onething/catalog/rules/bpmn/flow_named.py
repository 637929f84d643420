"""A sequence flow has an id.

Histories and coverage name flows by it. Source: BPMN 2.0.2 §8.3.1.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield sequence flows without id."""
    for diagram, flow in subject.elements("sequenceFlow"):
        if not flow.get("id"):
            message = f"the flow to {flow.get('targetRef')} has no id"
            yield on(diagram, flow, message, "Give the flow an id.")
