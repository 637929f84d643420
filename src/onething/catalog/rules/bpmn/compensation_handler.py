"""A compensation boundary event is associated with a compensation activity.

Otherwise nothing undoes what its activity did. Source: BPMN 2.0.2 §10.5.6, §10.7.
"""

from collections.abc import Iterator

from onething.catalog.elements import Element, Elements, is_true
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield compensation boundary events without an association to a handler."""
    for diagram in subject.diagrams:
        handled = _associated_with_handlers(diagram.elements)
        for event in diagram.elements.of("boundaryEvent"):
            if event not in handled and "compensate" in diagram.elements.triggers(event):
                message = "no association leads to a compensation activity"
                remedy = "Associate it with an activity that has isForCompensation."
                yield on(diagram, event, message, remedy)


def _associated_with_handlers(elements: Elements) -> set[Element | None]:
    """Return everything that an association, in either direction, joins with a handler."""
    found = set()
    for link in elements.of("association"):
        source, target = elements.find(link.get("sourceRef")), elements.find(link.get("targetRef"))
        for one, other in ((source, target), (target, source)):
            if other is not None and is_true(other, "isForCompensation"):
                found.add(one)
    return found
