"""A department's task says by when it is due.

Queues and supervision go by the due date; a task without one is nobody's hurry.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield tasks of departments with neither a limit nor a due date."""
    parties = {lane.name for one in subject.services for lane in one.lanes if lane.party}
    for node in subject.nodes("userTask"):
        has_due = node.extension("taskSchedule", "dueDate") is not None
        if node.lane not in parties and "limit" not in node.properties and not has_due:
            yield at(node, "the task has no limit", "Set onething:limit to a parameter.")
