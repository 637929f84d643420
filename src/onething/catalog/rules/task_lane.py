"""A lane that holds user tasks is declared in service.toml.

The manifest says which department's post, or which party, does the tasks of a lane; without
that no queue shows them.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield user tasks in no lane, or in a lane that the manifest does not know."""
    for node in subject.nodes("userTask"):
        if node.lane is None:
            yield at(node, "the user task stands in no lane", "Draw it in the lane of its post.")
        elif subject.service.lane(node.lane) is None:
            message = f"service.toml has no lane {node.lane}"
            yield at(node, message, f'Add [[lanes]] name = "{node.lane}" to {subject.manifest}.')
