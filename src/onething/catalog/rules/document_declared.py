"""Outputs of items are declared documents, and a document's template exists.

The catalogue promises them to the applicant. A document without a template is issued by the
department itself.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield documents whose template is missing and outputs that are no document."""
    service = subject.service
    for document in service.documents:
        template = document.template.rpartition("#")[2]
        if template and template not in subject.templates:
            message = f"the package has no template {template}"
            remedy = "Write it in texts/documents.toml."
            yield Fault(subject.manifest, f"documents.{document.id}", message, remedy)
    known = {one.id for one in service.documents} | subject.templates.keys()
    for item in service.items:
        for output in item.outputs:
            if output not in known:
                message = f"the output {output} is no document of the service"
                remedy = "Declare it under [[documents]]."
                yield Fault(subject.manifest, f"items.{item.id}", message, remedy)
