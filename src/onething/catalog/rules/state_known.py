"""The states that a diagram sets are those the product knows.

Trackers, searches and statistics read them; a word of its own would vanish from all three.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
_STATES = {
    "item.state": (
        "in_progress",
        "granted",
        "denied",
        "cancelled",
        "failed",
        "not_needed",
        "withdrawn",
    ),
    "case.state": (
        "DRAFT",
        "SUBMITTED",
        "SUPPLEMENT",
        "ACCEPTED",
        "IN_PROGRESS",
        "SUSPENDED",
        "DECIDED",
        "DELIVERED",
        "CLOSED",
        "ARCHIVED",
    ),
    "case.result": (
        "GRANTED",
        "PARTIAL",
        "DENIED",
        "NOT_ACCEPTED",
        "NOT_COMPETENT",
        "WITHDRAWN",
        "DEEMED_WITHDRAWN",
        "TERMINATED",
        "TRANSFERRED",
    ),
}


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes that set a literal state which does not exist."""
    for node in subject.nodes():
        for name, known in _STATES.items():
            value = node.properties.get(name, "")
            if value and not value.startswith("=") and value not in known:
                message = f"onething:{name} is {value}"
                yield at(node, message, f"Use one of {', '.join(known)}.")
