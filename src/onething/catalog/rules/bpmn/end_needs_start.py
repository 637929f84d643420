"""A scope with an end event has a start event.

An instantiating receive task or event-based gateway counts as one.
Source: BPMN 2.0.2 §10.5.2.
"""

from collections.abc import Iterator

from onething.catalog.elements import SCOPES, children, is_true, kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield processes and sub-processes with an end event and nothing that starts them."""
    for diagram, scope in subject.elements("process", *sorted(SCOPES - {"adHocSubProcess"})):
        begins = any(
            kind_of(one) == "startEvent" or is_true(one, "instantiate") for one in children(scope)
        )
        if children(scope, "endEvent") and not begins:
            message = "it has an end event, but no start event"
            yield on(diagram, scope, message, "Draw the start event.")
