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
    for diagram, event in subject.elements("boundaryEvent"):
        if "compensate" in diagram.elements.triggers(event):
            handlers = _associated(diagram.elements, event)
            if not any(is_true(one, "isForCompensation") for one in handlers):
                message = "no association leads to a compensation activity"
                remedy = "Associate it with an activity that has isForCompensation."
                yield on(diagram, event, message, remedy)


def _associated(elements: Elements, event: Element) -> list[Element]:
    found = []
    for link in elements.of("association"):
        ends = [elements.find(link.get(name)) for name in ("sourceRef", "targetRef")]
        if event in ends:
            found += [one for one in ends if one is not None and one is not event]
    return found
