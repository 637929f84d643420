"""A catching link event has a throwing one.

Nothing would ever lead to it. Nothing enters the one or leaves the other beside the link.
Source: BPMN 2.0.2 §10.5.5.
"""

from collections.abc import Iterator

from onething.catalog.diagram import Diagram
from onething.catalog.elements import Element, scope_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield link events without partner, and links that a sequence flow cuts across."""
    for diagram in subject.diagrams:
        thrown = {
            key
            for one in diagram.elements.of("intermediateThrowEvent")
            for key in _links(diagram, one)
        }
        for event in diagram.elements.of("intermediateCatchEvent"):
            links = _links(diagram, event)
            if links and not thrown.intersection(links):
                message = "no throwing link event of this name stands in the same scope"
                yield on(diagram, event, message, "Draw the link event that leads here.")
            if links and diagram.elements.entering(event):
                yield on(diagram, event, "a sequence flow enters a link target", "Remove the flow.")
        for event in diagram.elements.of("intermediateThrowEvent"):
            if _links(diagram, event) and diagram.elements.leaving(event):
                yield on(diagram, event, "a sequence flow leaves a link source", "Remove the flow.")


def _links(diagram: Diagram, event: Element) -> set[tuple[Element | None, str]]:
    return {
        (scope_of(event), (one.get("name") or "").strip())
        for one in diagram.elements.definitions(event)
        if one.tag.endswith("}linkEventDefinition")
    }
