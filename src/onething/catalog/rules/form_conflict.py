"""Items that ask for one value ask for it in the same way.

Their forms are compiled into one application that asks once: where two want another type, rule
or choice for one path, nobody could answer both. Source: design §7.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import ModelRefused, Severity
from onething.forms import compile_joint

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield each difference between two items' forms, with both places."""
    if subject.missing_forms:
        return
    try:
        compile_joint(subject.definition.application_parts)
    except ModelRefused as refused:
        for one in refused.findings:
            yield Fault(one.file, one.element, one.message, one.remedy)
