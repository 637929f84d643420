"""A process that is called can start without an event.

Nothing but the call starts it. Source: BPMN 2.0.2 §10.5.2.
"""

from collections.abc import Iterator

from onething.catalog.diagram import Diagram
from onething.catalog.elements import Element, children
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield call activities of processes whose start events all wait for something."""
    waiting = {one.get("id") for where, one in subject.elements("process") if _waits(where, one)}
    for diagram, call in subject.elements("callActivity"):
        target = (call.get("calledElement") or "").rpartition(":")[2]
        if target in waiting:
            message = f"every start event of {target} waits for an event"
            yield on(diagram, call, message, "Give the called process a none start event.")


def _waits(diagram: Diagram, process: Element) -> bool:
    starts = children(process, "startEvent")
    return bool(starts) and all(diagram.elements.definitions(one) for one in starts)
