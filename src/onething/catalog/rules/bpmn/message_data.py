"""A send task takes at most one data item in, a receive task gives at most one out: its message.

Source: BPMN 2.0.2 §10.3.3, tables 10.11, 10.13.
"""

from collections.abc import Iterator

from onething.catalog.data import io_of, is_executed_by_standard, items, message_item
from onething.catalog.diagram import Diagram
from onething.catalog.elements import Element, children
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_ROLES = (("sendTask", "dataInput", "inputSet"), ("receiveTask", "dataOutput", "outputSet"))


def check(subject: Subject) -> Iterator[Fault]:
    """Yield send and receive tasks whose data are not their message."""
    for kind, data, group in _ROLES:
        for diagram, task in subject.elements(kind):
            if is_executed_by_standard(task) and not _fits(diagram, task, data, group):
                message = f"its {data} is not the one item of its message"
                yield on(diagram, task, message, f"Keep one {group} with one {data} of that item.")


def _fits(diagram: Diagram, task: Element, data: str, group: str) -> bool:
    specification = io_of(task)
    if specification is None:
        return True
    own = items(diagram.elements, task, data)
    if len(children(specification, group)) > 1 or len(own) > 1:
        return False
    item = message_item(diagram.elements, task.get("messageRef"))
    return item is None or not own or own == [item]
