"""A scope with a start event has an end event.

It runs all the same: a path may simply stop. Source: BPMN 2.0.2 §10.5.3.
"""

from collections.abc import Iterator

from onething.catalog.elements import SCOPES, children
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield processes and sub-processes with a start event and no end event."""
    for diagram, scope in subject.elements("process", *sorted(SCOPES - {"adHocSubProcess"})):
        if children(scope, "startEvent") and not children(scope, "endEvent"):
            message = "it has a start event, but no end event"
            yield on(diagram, scope, message, "Draw the end event.")
