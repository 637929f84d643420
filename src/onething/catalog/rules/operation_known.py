"""A service task calls an operation that a department offers.

Operations are the contracts of the connectors, with legal basis and purpose.
Source: 政务数据共享条例.
"""

from collections.abc import Iterator

from onething import connectors
from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
INTERNAL = frozenset({"document.issue", "notice.send"})
"""Operations that the product performs itself."""


def check(subject: Subject) -> Iterator[Fault]:
    """Yield service tasks without an operation, or with one that nobody offers."""
    known = INTERNAL | connectors.operations().keys()
    for node in subject.nodes("serviceTask"):
        operation = node.extension("taskDefinition", "type")
        if operation is None:
            yield at(node, "the service task calls nothing", "Name the operation as its type.")
        elif operation not in known and not operation.startswith("="):
            message = f"no connector offers {operation}"
            yield at(node, message, "Name an operation of docs/authoring/operations.md.")
