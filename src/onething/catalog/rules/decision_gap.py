"""A decision table whose hit policy promises one result has a rule for every input.

An input that no rule covers gives null, and a null decides by accident. A missing input is
not considered. Source: DMN 1.5, 8.2.10.
"""

from collections.abc import Iterator

from onething.catalog import tables
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield each gap with rule numbers and an example input."""
    message = "no rule covers {example}"
    yield from tables.faults(
        subject,
        "gap",
        message,
        "Add a rule or a default output, or list the input's allowed values.",
    )
