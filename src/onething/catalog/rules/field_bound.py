"""A field of a form is bound to an element of the data dictionary.

The element tells its type, its rule, how far it is protected and who can supply it.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield fields that no data element explains."""
    for path, form in subject.forms.items():
        for found in form.unbound():
            yield Fault(path, found.element, found.message, found.remedy)
