"""Every rule of a FIRST or PRIORITY table can decide.

A rule that others go before on all its inputs is never used. Source: DMN 1.5, 8.2.10.
"""

from collections.abc import Iterator

from onething.catalog import tables
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield each masked with rule numbers and an example input."""
    message = "rule and those before it: {rules}; the first never decides, as for {example}"
    yield from tables.faults(subject, "masked", message, "Remove the rule, or move it up.")
