"""A document that is issued, a notice that is sent, has its template.

Texts stand in texts/documents.toml of the package, so that whoever answers for their wording
can change them without the diagram.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield tasks that name no template or one that the package lacks."""
    for node in subject.nodes("serviceTask"):
        if node.extension("taskDefinition", "type") not in {"document.issue", "notice.send"}:
            continue
        template = node.inputs.get("template")
        if not template:
            yield at(node, "no template is named", "Add an input with the target template.")
        elif not template.startswith("=") and template not in subject.templates:
            message = f"the package has no template {template}"
            yield at(node, message, "Write it in texts/documents.toml.")
