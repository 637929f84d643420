"""A call activity names a process of the package.

Called processes run inside the case; a package is frozen with all that it calls, so that a
case never meets another version on its way.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield call activities without a target, or with one that the package lacks."""
    for node in subject.nodes("callActivity"):
        target = node.extension("calledElement", "processId") or node.element.get("calledElement")
        if not target:
            yield at(node, "the call activity calls nothing", "Name a process.")
        elif target not in subject.processes and not target.startswith("="):
            message = f"the package has no process {target}"
            yield at(node, message, "Add the diagram, or name its package in uses.")
