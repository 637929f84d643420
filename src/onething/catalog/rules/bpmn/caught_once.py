"""On one activity, in one scope, an error, an escalation or the compensation is caught once.

Of two that catch the same code nobody knows which one is meant.
Source: BPMN 2.0.2 §10.5.6, §10.7.1.
"""

from collections.abc import Iterator

from onething.catalog.diagram import Diagram
from onething.catalog.elements import Element, is_true, kind_of, scope_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_CODED = {
    "errorEventDefinition": ("errorRef", "errorCode"),
    "escalationEventDefinition": ("escalationRef", "escalationCode"),
}


def check(subject: Subject) -> Iterator[Fault]:
    """Yield events that catch what another one at the same place already catches."""
    for diagram in subject.diagrams:
        seen: set[tuple[Element | None, str, str]] = set()
        for event in diagram.elements.of("boundaryEvent", "startEvent"):
            for caught in _caught(diagram, event):
                if caught in seen:
                    message = "another event at the same place catches the same"
                    yield on(diagram, event, message, "Keep one of the two.")
                seen.add(caught)


def _caught(diagram: Diagram, event: Element) -> Iterator[tuple[Element | None, str, str]]:
    """Yield the place, the kind and how and by which code an event catches."""
    place: Element | None
    if kind_of(event) == "boundaryEvent":
        place = diagram.elements.find(event.get("attachedToRef"))
    else:
        inside = scope_of(event)
        if inside is None or not is_true(inside, "triggeredByEvent"):
            return
        place = scope_of(inside)
    for one in diagram.elements.definitions(event):
        if kind_of(one) == "compensateEventDefinition":
            yield place, kind_of(one), kind_of(event)
        elif kind_of(one) in _CODED:
            reference, code = _CODED[kind_of(one)]
            named = diagram.elements.find(one.get(reference))
            told = None if named is None else named.get(code)
            yield place, kind_of(one), f"{kind_of(event)} {told}"
