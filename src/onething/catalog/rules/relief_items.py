"""The case that relief figures are reckoned for has items of its service.

What is told on the service's page as before and after has to be a case that can be applied for.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield the unknown items of `[relief]`."""
    known = {item.id for item in subject.service.items}
    for name in subject.service.relief.items:
        if name not in known:
            message = f"the service has no item {name}"
            yield Fault(subject.manifest, "relief.items", message, "Name one of its items.")
