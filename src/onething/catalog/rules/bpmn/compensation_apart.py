"""A compensation activity stands outside of the normal flow.

It runs only when what it undoes is compensated. Source: BPMN 2.0.2 §10.7.1.
"""

from collections.abc import Iterator

from onething.catalog.elements import ACTIVITIES, is_true
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield compensation activities that a sequence flow enters or leaves."""
    for diagram, activity in subject.elements(*sorted(ACTIVITIES)):
        near = [*diagram.elements.entering(activity), *diagram.elements.leaving(activity)]
        if near and is_true(activity, "isForCompensation"):
            message = "a sequence flow enters or leaves a compensation activity"
            yield on(diagram, activity, message, "Remove the flow, or isForCompensation.")
