"""An activity is repeated in one way: as a loop or in several instances.

Source: BPMN 2.0.2 §10.3.8.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield activities with both loop characteristics."""
    for diagram in subject.diagrams:
        loops = diagram.elements.of("standardLoopCharacteristics")
        several = diagram.elements.of("multiInstanceLoopCharacteristics")
        twice = {one.getparent() for one in loops} & {one.getparent() for one in several}
        for activity in (one for one in twice if one is not None):
            message = "it is both a loop and a multi-instance activity"
            yield on(diagram, activity, message, "Keep one of the two.")
