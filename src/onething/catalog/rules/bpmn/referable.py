"""A message, signal, error or escalation has an id.

Nothing could refer to it without one. Source: BPMN 2.0.2 §8.3.1.
"""

from collections.abc import Iterator

from onething.catalog.elements import kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_REFERRED_TO = ("message", "signal", "error", "escalation")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield root elements that events refer to, without id."""
    for diagram, one in subject.elements(*_REFERRED_TO):
        if not one.get("id"):
            message = f"a {kind_of(one)} has no id"
            yield on(diagram, one, message, "Give it an id.")
