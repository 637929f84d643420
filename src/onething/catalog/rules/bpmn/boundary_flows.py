"""Nothing enters a boundary event, and only a compensation boundary event leads nowhere.

It is triggered by its activity; a compensation handler hangs on an association instead.
Source: BPMN 2.0.2 §10.5.4.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield boundary events that are entered, and compensation ones that are left."""
    for diagram, event in subject.elements("boundaryEvent"):
        if diagram.elements.entering(event):
            message = "a sequence flow enters a boundary event"
            yield on(diagram, event, message, "Remove the flow.")
        is_left = bool(diagram.elements.leaving(event))
        if diagram.elements.triggers(event) == {"compensate"} and is_left:
            message = "a sequence flow leaves a compensation boundary event"
            yield on(diagram, event, message, "Draw an association to the handler instead.")
