"""A call of a department says what happens when its system is down.

The citizen is never blocked by a failing share: an error boundary event UNAVAILABLE on the
task, on a sub-process around it or on every activity that calls its process leads to a task
of that department. Without it the case waits as an incident.
"""

from collections.abc import Iterator

from onething.catalog.elements import MODEL, Element
from onething.catalog.rules.operation_known import INTERNAL
from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "warning"
_CODE = "UNAVAILABLE"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield calls of departments that nothing catches when they fail."""
    catching = {one for diagram in subject.diagrams for one in _catching(diagram.root)}
    calls = list(subject.nodes("callActivity"))
    caught = {
        process
        for process in subject.processes
        if (callers := [n for n in calls if n.extension("calledElement", "processId") == process])
        and all(_around(node.element) & catching for node in callers)
    }
    for node in subject.nodes("serviceTask"):
        operation = node.extension("taskDefinition", "type") or ""
        if operation in INTERNAL or node.process in caught:
            continue
        if not _around(node.element) & catching:
            message = f"nothing catches {_CODE} when {operation} cannot be reached"
            yield at(node, message, "Attach an error boundary event that leads to a task.")


def _catching(root: Element) -> Iterator[str]:
    """Yield the ids of activities and scopes on which the error is caught."""
    codes = {one.get("id"): one.get("errorCode") for one in root.iter(f"{MODEL}error")}
    for event in root.iter(f"{MODEL}errorEventDefinition"):
        holder = event.getparent()
        if holder is None or codes.get(event.get("errorRef")) not in {None, _CODE}:
            continue
        if holder.tag == f"{MODEL}boundaryEvent":
            yield holder.get("attachedToRef") or ""
        elif holder.tag == f"{MODEL}startEvent":
            outer = holder.getparent()
            around = None if outer is None else outer.getparent()
            yield "" if around is None else around.get("id") or ""


def _around(element: Element) -> set[str]:
    """Return the ids of an activity and of every scope around it."""
    return {one.get("id") or "" for one in (element, *element.iterancestors("{*}*"))}
