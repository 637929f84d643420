"""A service task that names an operation takes its message in and gives its answer out.

Exactly one input set with one data input, and one data output where the operation answers.
Source: BPMN 2.0.2 §10.3.3, table 10.10.
"""

from collections.abc import Iterator

from onething.catalog.data import io_of, is_executed_by_standard, items, message_item
from onething.catalog.diagram import Diagram
from onething.catalog.elements import Element, children, text_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield service tasks whose data differ from the messages of their operation."""
    for diagram, task in subject.elements("serviceTask"):
        operation = diagram.elements.find(task.get("operationRef"))
        if operation is None or not is_executed_by_standard(task):
            continue
        if not _fits(diagram, task, operation):
            message = f"its data are not the messages of the operation {operation.get('id')}"
            remedy = "Give it one data input and output with the items of the messages."
            yield on(diagram, task, message, remedy)


def _fits(diagram: Diagram, task: Element, operation: Element) -> bool:
    messages = [
        message_item(diagram.elements, text_of(next(iter(children(operation, name)), None)))
        for name in ("inMessageRef", "outMessageRef")
    ]
    specification = io_of(task)
    if specification is None:
        return messages == [None, None]
    if any(len(children(specification, one)) > 1 for one in ("inputSet", "outputSet")):
        return False
    data = [items(diagram.elements, task, name) for name in ("dataInput", "dataOutput")]
    return all(item is None or own == [item] for own, item in zip(data, messages, strict=True))
