"""A thrown escalation has a code.

Nobody could catch it by name. Source: BPMN 2.0.2 §8.4.4, §10.5.3.
"""

from collections.abc import Iterator

from onething.catalog.data import is_declared_executable
from onething.catalog.elements import THROWING, kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield thrown escalations without reference or code in executable processes."""
    for diagram, event in subject.elements(*sorted(THROWING)):
        for one in diagram.elements.definitions(event):
            if kind_of(one) == "escalationEventDefinition" and is_declared_executable(event):
                named = diagram.elements.find(one.get("escalationRef"))
                if named is None or not named.get("escalationCode"):
                    message = "the escalation that it throws has no code"
                    yield on(diagram, event, message, "Name an escalation with a code.")
