"""An event sub-process stands outside of the normal flow.

Its start event triggers it, no sequence flow. Source: BPMN 2.0.2 §10.3.5.
"""

from collections.abc import Iterator

from onething.catalog.elements import is_true
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield event sub-processes that a sequence flow enters or leaves."""
    for diagram, inner in subject.elements("subProcess"):
        near = [*diagram.elements.entering(inner), *diagram.elements.leaving(inner)]
        if near and is_true(inner, "triggeredByEvent"):
            message = "a sequence flow enters or leaves an event sub-process"
            yield on(diagram, inner, message, "Remove the flow, or triggeredByEvent.")
