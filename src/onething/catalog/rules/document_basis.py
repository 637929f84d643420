"""A numbered document names its legal basis.

Who receives it can then look up why. Source: 行政许可法 第三十八条.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield templates with a number and without a basis."""
    for template in subject.templates.values():
        if template.prefix and not template.legal_basis:
            file = f"bpmn/{subject.package.code}/texts/documents.toml"
            yield Fault(file, template.id, "the document has no basis", "Write legal_basis.")
