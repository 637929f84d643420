"""A document that is issued, a notice that is sent, has its template.

Texts stand in texts/documents.toml of the package, so that whoever answers for their wording
can change them without the diagram.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


NAMED_BY = {
    "document.issue": "template",
    "notice.send": "template",
    "shared-notify": "noticeTemplate",
}
"""The input that names the template, by the operation or the process that is called."""


def check(subject: Subject) -> Iterator[Fault]:
    """Yield tasks and calls that name no template or one that the package lacks."""
    for node in subject.nodes("serviceTask", "callActivity"):
        called = node.extension("taskDefinition", "type") or node.extension(
            "calledElement", "processId"
        )
        target = NAMED_BY.get(called or "")
        if target is None:
            continue
        template = node.inputs.get(target)
        if not template:
            yield at(node, "no template is named", f"Add an input with the target {target}.")
        elif not template.startswith("=") and template not in subject.templates:
            message = f"the package has no template {template}"
            yield at(node, message, "Write it in texts/documents.toml.")
