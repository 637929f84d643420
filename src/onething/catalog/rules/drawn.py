"""Everything in a diagram is drawn.

Case, replay and definition pages show the diagram as its author drew it; what has no place
in the diagram interchange cannot be shown. Source: BPMN 2.0 §12.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes and flows without a shape or edge."""
    remedy = "Open the file in a BPMN modeller and draw it."
    for diagram in subject.diagrams:
        for place in diagram.places:
            if place.id not in diagram.drawn:
                yield at(place, "it has no place in the diagram", remedy)
