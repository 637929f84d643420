"""A shared material names the operation that supplies it, and what happens when it fails.

The citizen is never blocked by a failing share: the material falls back to upload.
"""

from collections.abc import Iterator

from onething import connectors
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield materials with an unknown operation, and shared ones without operation or fallback."""
    known = connectors.operations()
    for item in subject.service.items:
        for material in item.materials:
            place = f"items.{item.id}.materials.{material.id}"
            if material.operation and material.operation not in known:
                message = f"no connector offers {material.operation}"
                remedy = "Name an operation of docs/authoring/operations.md."
                yield Fault(subject.manifest, place, message, remedy)
            if material.source == "SHARE" and not material.operation:
                remedy = "Name the operation that supplies it."
                yield Fault(subject.manifest, place, "nobody supplies the material", remedy)
            if material.source == "SHARE" and not material.fallback:
                remedy = 'Write fallback = "UPLOAD".'
                yield Fault(subject.manifest, place, "a failing share blocks the case", remedy)
