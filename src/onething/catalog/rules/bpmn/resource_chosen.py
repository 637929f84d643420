"""Who does an activity is named by a resource or by an expression, not by both.

Bindings of parameters belong to a resource. Source: BPMN 2.0.2 §8.4.12, §10.3.1.
"""

from collections.abc import Iterator

from onething.catalog.elements import children
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_ROLES = ("resourceRole", "performer", "humanPerformer", "potentialOwner")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield roles with both a resource, or its parameters, and an expression."""
    for diagram, role in subject.elements(*_ROLES):
        by_resource = children(role, "resourceRef", "resourceParameterBinding")
        if by_resource and children(role, "resourceAssignmentExpression"):
            message = "the role names a resource or its parameters beside an expression"
            yield on(diagram, role, message, "Keep the resource or the expression.")
