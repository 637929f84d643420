"""A multi-instance activity names the events that its behaviour throws.

Source: BPMN 2.0.2 §10.3.8, table 10.30.
"""

from collections.abc import Iterator

from onething.catalog.elements import children
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_NEEDS = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}


def check(subject: Subject) -> Iterator[Fault]:
    """Yield multi-instance activities whose behaviour has no event or definition."""
    for diagram, loop in subject.elements("multiInstanceLoopCharacteristics"):
        behaviour = loop.get("behavior", "All")
        needed = _NEEDS.get(behaviour)
        if needed is not None and not loop.get(needed):
            message = f"behavior is {behaviour}, but {needed} is missing"
            yield on(diagram, loop, message, f"Write {needed}, or behavior All.")
        if behaviour == "Complex" and not children(loop, "complexBehaviorDefinition"):
            message = "behavior is Complex, but no complexBehaviorDefinition says what is thrown"
            yield on(diagram, loop, message, "Add a complexBehaviorDefinition.")
