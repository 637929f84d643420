"""Rules of a UNIQUE table do not match the same input.

Where two match, the table gives null. Source: DMN 1.5, 8.2.10.
"""

from collections.abc import Iterator

from onething.catalog import tables
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield each overlap with rule numbers and an example input."""
    message = "rules {rules} both match {example}"
    yield from tables.faults(
        subject,
        "overlap",
        message,
        "Narrow a cell, merge the rules, or choose the hit policy ANY or FIRST.",
    )
