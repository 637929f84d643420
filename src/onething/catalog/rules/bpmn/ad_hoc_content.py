"""An ad-hoc sub-process holds activities, and neither start nor end events.

People or the completion condition decide the order. Source: BPMN 2.0.2 §10.3.5.
"""

from collections.abc import Iterator

from onething.catalog.elements import ACTIVITIES, children, kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield ad-hoc sub-processes that are empty or have start or end events."""
    for diagram, adhoc in subject.elements("adHocSubProcess"):
        if not any(kind_of(one) in ACTIVITIES for one in children(adhoc)):
            message = "the ad-hoc sub-process holds no activity"
            yield on(diagram, adhoc, message, "Put the activities into it.")
        for event in children(adhoc, "startEvent", "endEvent"):
            message = "an ad-hoc sub-process has no start or end event"
            yield on(diagram, event, message, "Remove the event.")
