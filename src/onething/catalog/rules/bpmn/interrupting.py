"""Errors and cancels interrupt, and a compensation starts when nothing is left to interrupt.

Source: BPMN 2.0.2 §10.5.4, table 10.91; §10.3.5.
"""

from collections.abc import Iterator

from onething.catalog.elements import is_true
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield events that say they do not interrupt, though their kind always does."""
    remedy = "Let it interrupt."
    for diagram, event in subject.elements("boundaryEvent"):
        always = diagram.elements.triggers(event) & {"error", "cancel"}
        if always and not is_true(event, "cancelActivity", "true"):
            message = f"a boundary event of kind {min(always)} always interrupts"
            yield on(diagram, event, message, remedy)
    for diagram, event in subject.elements("startEvent"):
        always = diagram.elements.triggers(event) & {"error", "compensate"}
        if always and not is_true(event, "isInterrupting", "true"):
            message = f"a start event of kind {min(always)} always interrupts"
            yield on(diagram, event, message, remedy)
