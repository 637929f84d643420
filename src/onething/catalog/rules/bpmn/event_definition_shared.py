"""An event refers to event definitions that stand in the file, not in another event.

Those of an event are its own. Source: BPMN 2.0.2 §8.4.5, §10.5.1.
"""

from collections.abc import Iterator

from onething.catalog.elements import EVENTS, kind_of, text_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield references to event definitions inside other events."""
    for diagram, reference in subject.elements("eventDefinitionRef"):
        named = diagram.elements.find(text_of(reference))
        around = None if named is None else named.getparent()
        if around is not None and kind_of(around) in EVENTS:
            message = f"{text_of(reference)} is an event definition of another event"
            yield on(diagram, reference, message, "Move the definition to the top of the file.")
