"""A data element is a collection exactly when its item is one.

Source: BPMN 2.0.2 §10.4.1, tables 10.52, 10.59, 10.60.
"""

from collections.abc import Iterator

from onething.catalog.data import is_declared_executable
from onething.catalog.elements import is_true
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_DATA = ("dataObject", "dataInput", "dataOutput", "dataStore")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield data elements whose isCollection differs from that of their item."""
    for diagram, data in subject.elements(*_DATA):
        item = diagram.elements.find(data.get("itemSubjectRef"))
        if item is None or not is_declared_executable(data):
            continue
        if is_true(data, "isCollection") != is_true(item, "isCollection"):
            message = f"isCollection differs from that of its item {item.get('id')}"
            yield on(diagram, data, message, "Write the same isCollection at both.")
