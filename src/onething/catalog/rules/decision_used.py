"""Every decision of a service is taken somewhere.

A table that nobody asks decides nothing, however right it is.
"""

import re
from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True
_REQUIRED = re.compile(rb'<(?:\w+:)?requiredDecision\s+href="#([^"]+)"')
_DECISION = re.compile(rb'<(?:\w+:)?decision\s[^>]*?id="([^"]+)"')


def check(subject: Subject) -> Iterator[Fault]:
    """Yield the service's own decisions that nothing asks."""
    tasks = subject.nodes("businessRuleTask")
    asked = {task.extension("calledDecision", "decisionId") or "" for task in tasks}
    if any(one.startswith("=") for one in asked):
        return
    own = f"bpmn/{subject.package.code}/"
    for path, data in subject.package.ending(".dmn").items():
        required = {one.decode() for one in _REQUIRED.findall(data)}
        for name in (one.decode() for one in _DECISION.findall(data)):
            if path.startswith(own) and name not in asked | required:
                yield Fault(path, name, "nothing asks this decision", "Call it, or remove it.")
