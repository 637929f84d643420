"""A message that is waited for has a correlation key.

Without a key the first case that waits would take it, not the one that is meant.
Source: BPMN 2.0 §8.4.2.
"""

from collections.abc import Iterator

from onething.catalog.diagram import ZEEBE
from onething.catalog.elements import MODEL, line_of
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield caught messages without a zeebe:subscription."""
    for diagram in subject.diagrams:
        caught = {
            one.get("messageRef")
            for kind in ("intermediateCatchEvent", "boundaryEvent")
            for one in diagram.root.iterfind(f".//{MODEL}{kind}/{MODEL}messageEventDefinition")
        } | {one.get("messageRef") for one in diagram.root.iter(f"{MODEL}receiveTask")}
        for message in diagram.root.iter(f"{MODEL}message"):
            key = message.find(f"{MODEL}extensionElements/{ZEEBE}subscription")
            if message.get("id") in caught and key is None:
                name = message.get("name")
                remedy = "Add zeebe:subscription correlationKey."
                text = f"the message {name} has no correlation key"
                yield Fault(diagram.file, str(message.get("id")), text, remedy, line_of(message))
