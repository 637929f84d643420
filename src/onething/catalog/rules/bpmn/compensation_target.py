"""A compensation event names an activity that it can reach.

One of its own scope or, inside an event sub-process, of the scope around that.
Source: BPMN 2.0.2 §10.5.5, table 10.95; §10.7.2.
"""

from collections.abc import Iterator

from onething.catalog.elements import ACTIVITIES, Element, is_true, kind_of, scope_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield thrown compensations of activities elsewhere, or of something else."""
    for diagram, one in subject.elements("compensateEventDefinition"):
        target = diagram.elements.find(one.get("activityRef")) if one.get("activityRef") else None
        if target is not None and (
            kind_of(target) not in ACTIVITIES or scope_of(target) not in _in_reach(one)
        ):
            message = f"{target.get('id')} is no activity of the same scope"
            yield on(diagram, one, message, "Name an activity beside the event.")


def _in_reach(definition: Element) -> list[Element | None]:
    event = definition.getparent()
    scope = None if event is None else scope_of(event)
    if scope is not None and is_true(scope, "triggeredByEvent"):
        return [scope, scope_of(scope)]
    return [scope]
