"""Every rule of a decision table can match.

A cell that no allowed value passes, such as [5..3], makes its rule dead.
"""

from collections.abc import Iterator

from onething.catalog import tables
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield each unreachable with rule numbers and an example input."""
    message = "rule {rules} can never match: no allowed value of {note} passes"
    yield from tables.faults(
        subject, "unreachable", message, "Mend the cell or the allowed values."
    )
