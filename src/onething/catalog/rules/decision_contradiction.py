"""Rules that match the same input do not contradict each other under UNIQUE or ANY.

The table would give null, whichever was meant. Source: DMN 1.5, 8.2.10.
"""

from collections.abc import Iterator

from onething.catalog import tables
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield each contradiction with rule numbers and an example input."""
    message = "rules {rules} match {example} with different outputs"
    yield from tables.faults(
        subject,
        "contradiction",
        message,
        "Narrow a cell, or choose the hit policy FIRST or PRIORITY.",
    )
