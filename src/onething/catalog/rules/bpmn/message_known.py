"""A message event of an executable process names its message.

One that throws may be a job instead, as zeebe:taskDefinition says.
Source: BPMN 2.0.2 §10.5.5, table 10.98.
"""

from collections.abc import Iterator

from onething.catalog.data import is_executed_by_standard
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield message events of executable processes without message."""
    for diagram, one in subject.elements("messageEventDefinition"):
        event = one.getparent()
        if event is not None and not one.get("messageRef") and is_executed_by_standard(event):
            yield on(diagram, one, "the message event names no message", "Name the message.")
