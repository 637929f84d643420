"""A condition stands only where a choice is made: behind a gateway or an activity, never an event.

It is asked all the same, but where it does not hold no default leads on.
Source: BPMN 2.0.2 §8.4.13.
"""

from collections.abc import Iterator

from onething.catalog.elements import EVENTS, kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield conditional flows out of events."""
    for diagram, condition in subject.elements("conditionExpression"):
        flow = condition.getparent()
        source = None if flow is None else diagram.elements.find(flow.get("sourceRef"))
        if source is not None and kind_of(source) in EVENTS:
            message = f"a flow out of a {kind_of(source)} has a condition"
            yield on(diagram, condition, message, "Remove it, or let a gateway decide.")
