"""An intermediate event has a way in and a way out.

A link event lacks the one that its partner has. Source: BPMN 2.0.2 §10.5.4.
"""

from collections.abc import Iterator

from onething.catalog.elements import kind_of, scope_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield intermediate events in the normal flow that nothing enters or leaves."""
    for diagram, event in subject.elements("intermediateCatchEvent", "intermediateThrowEvent"):
        scope = scope_of(event)
        if scope is not None and kind_of(scope) == "adHocSubProcess":
            continue
        is_link = "link" in diagram.elements.triggers(event)
        catches = kind_of(event) == "intermediateCatchEvent"
        remedy = "Draw the flow, or remove the event."
        if not diagram.elements.entering(event) and not (is_link and catches):
            yield on(diagram, event, "no sequence flow enters the intermediate event", remedy)
        if not diagram.elements.leaving(event) and not (is_link and not catches):
            yield on(diagram, event, "no sequence flow leaves the intermediate event", remedy)
