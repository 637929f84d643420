"""Nothing enters a receive task that starts instances.

Source: BPMN 2.0.2 §10.3.3, table 10.13.
"""

from collections.abc import Iterator

from onething.catalog.elements import is_true
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield instantiating receive tasks that a sequence flow enters."""
    for diagram, task in subject.elements("receiveTask"):
        if is_true(task, "instantiate") and diagram.elements.entering(task):
            message = "it starts instances, but a sequence flow enters it"
            yield on(diagram, task, message, "Remove instantiate, or the flow.")
