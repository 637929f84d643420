"""A signal that an executable process uses has a name.

The name is what throwers and catchers share. Source: BPMN 2.0.2 §10.5.5, table 10.101.
"""

from collections.abc import Iterator

from onething.catalog.data import is_declared_executable
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield signal events of executable processes without a signal that has a name."""
    for diagram, one in subject.elements("signalEventDefinition"):
        named = diagram.elements.find(one.get("signalRef"))
        if is_declared_executable(one) and (named is None or not named.get("name")):
            message = "the signal event names no signal, or one without name"
            yield on(diagram, one, message, "Name a signal that has a name.")
