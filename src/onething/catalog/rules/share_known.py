"""An element names a source that exists: an operation of a department and a field of its answer.

A misspelt source supplies nothing, and people type what a department knows. What an application
is prefilled from may only be looked up, by the number and name of the person it is about.
Source: 政务数据共享条例.
"""

from collections.abc import Iterator

from onething import connectors
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity
from onething.forms import Element

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True
_FILE = "forms/_elements.toml"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield elements whose source nobody offers."""
    for element in subject.definition.elements.elements.values():
        message = _fault(element)
        if message:
            yield Fault(_FILE, element.id, message, "Name one of docs/authoring/operations.md.")


def _fault(element: Element) -> str:
    if not element.share:
        return "share_field stands without share" if element.share_field else ""
    operation = connectors.operations().get(element.share)
    if operation is None:
        return f"no connector offers {element.share}"
    if element.share_field and element.share_field not in operation.answer["properties"]:
        return f"{element.share} answers no {element.share_field}"
    return f"{element.share} changes records" if operation.changes else ""
