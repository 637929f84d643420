"""An escalation boundary event sits on what can escalate.

A script, a decision and a message do not: the event would never happen.
Source: BPMN 2.0.2 §10.5.4, table 10.91; §10.5.6.
"""

from collections.abc import Iterator

from onething.catalog.elements import kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_SILENT = frozenset({"scriptTask", "businessRuleTask", "sendTask", "receiveTask"})


def check(subject: Subject) -> Iterator[Fault]:
    """Yield escalation boundary events on tasks that cannot escalate."""
    for diagram, event in subject.elements("boundaryEvent"):
        host = diagram.elements.find(event.get("attachedToRef"))
        is_silent = host is not None and kind_of(host) in _SILENT
        if is_silent and diagram.elements.triggers(event) == {"escalation"}:
            message = "what it sits on cannot escalate"
            yield on(diagram, event, message, "Attach it to a sub-process, call or user task.")
