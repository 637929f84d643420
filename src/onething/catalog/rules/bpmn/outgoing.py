"""A node beside an end event leads on.

Its branch would end there without saying how. Source: BPMN 2.0.2 §10.5.3.
"""

from collections.abc import Iterator

from onething.catalog.elements import (
    ACTIVITIES,
    GATEWAYS,
    SCOPES,
    Element,
    children,
    is_true,
    kind_of,
)
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield activities and gateways without outgoing flow where their scope has an end event."""
    for diagram, scope in subject.elements("process", *sorted(SCOPES - {"adHocSubProcess"})):
        inside = children(scope)
        if any(kind_of(one) == "endEvent" for one in inside):
            for node in inside:
                leads_on = bool(diagram.elements.leaving(node))
                if kind_of(node) in ACTIVITIES | GATEWAYS and not leads_on and not _apart(node):
                    message = "no sequence flow leaves it, and its scope has an end event"
                    yield on(diagram, node, message, "Lead it to an end event.")


def _apart(node: Element) -> bool:
    return is_true(node, "triggeredByEvent") or is_true(node, "isForCompensation")
