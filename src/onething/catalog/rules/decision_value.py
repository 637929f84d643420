"""Cells of a decision table hold allowed values only.

A value outside the list is a slip of the pen, or missing in the list.
"""

from collections.abc import Iterator

from onething.catalog import tables
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield each value with rule numbers and an example input."""
    message = "rule {rules} holds {example}, which is not allowed"
    yield from tables.faults(
        subject, "value", message, "Mend the cell, or add the value to the allowed ones."
    )
