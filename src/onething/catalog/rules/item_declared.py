"""An item that a diagram names is declared in service.toml.

The item carries the number, the department, the limits and what its clerks may see.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes whose onething:item, or input item of a document, is no item of the service."""
    known = {item.id for item in subject.service.items}
    for node in subject.nodes():
        issued = node.extension("taskDefinition", "type") == "document.issue"
        named = {node.properties.get("item"), node.inputs.get("item") if issued else None}
        for item in sorted(filter(None, named)):
            if not item.startswith("=") and item not in known:
                message = f"service.toml declares no item {item}"
                yield at(node, message, f'Add [[items]] id = "{item}" to {subject.manifest}.')
