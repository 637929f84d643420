"""An embedded sub-process has no data inputs or outputs, unless it runs in several instances.

It sees the data around it. Source: BPMN 2.0.2 §10.4.1.
"""

from collections.abc import Iterator

from onething.catalog.elements import SCOPES, children
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield sub-processes with an ioSpecification that no multi-instance loop needs."""
    for diagram, scope in subject.elements(*sorted(SCOPES)):
        is_repeated = bool(children(scope, "multiInstanceLoopCharacteristics"))
        for one in children(scope, "ioSpecification"):
            if not is_repeated and children(one, "dataInput", "dataOutput"):
                message = "an embedded sub-process cannot have data inputs or outputs"
                yield on(diagram, scope, message, "Use the data objects around it.")
