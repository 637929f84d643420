"""The data of an event are those that its definitions carry.

Source: BPMN 2.0.2 §10.5.1.
"""

from collections.abc import Iterator

from onething.catalog.data import items, payloads
from onething.catalog.elements import CATCHING, THROWING
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield events whose data inputs or outputs differ from what their definitions carry."""
    for kinds, data in ((CATCHING, "dataOutput"), (THROWING, "dataInput")):
        for diagram, event in subject.elements(*sorted(kinds)):
            own = items(diagram.elements, event, data)
            carried = payloads(diagram.elements, event)
            if own and carried and _told(own) != _told(carried):
                message = f"its {data} elements do not match what its event definitions carry"
                yield on(diagram, event, message, f"Give it one {data} for each definition.")


def _told(found: list[str | None]) -> list[str]:
    return sorted(one or "" for one in found)
