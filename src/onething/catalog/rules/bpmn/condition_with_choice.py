"""A conditional flow out of an activity has another flow beside it.

With one way only, a condition that does not hold would leave the token nowhere to go.
Source: BPMN 2.0.2 §8.4.13.
"""

from collections.abc import Iterator

from onething.catalog.elements import ACTIVITIES, kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield conditional flows that are the only way out of an activity."""
    for diagram, condition in subject.elements("conditionExpression"):
        flow = condition.getparent()
        source = None if flow is None else diagram.elements.find(flow.get("sourceRef"))
        if source is None or kind_of(source) not in ACTIVITIES:
            continue
        if len(diagram.elements.leaving(source)) == 1:
            message = f"the only way out of {source.get('id')} has a condition"
            yield on(diagram, condition, message, "Draw the other way, or remove it.")
