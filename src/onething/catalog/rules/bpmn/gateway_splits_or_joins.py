"""A gateway splits or joins.

With one way in and one way out it does neither; one that decides is its condition's place.
Source: BPMN 2.0.2 §10.6.
"""

from collections.abc import Iterator

from onething.catalog.elements import GATEWAYS
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield gateways with neither several ways in nor several ways out."""
    for diagram, gateway in subject.elements(*sorted(GATEWAYS)):
        ways = (diagram.elements.entering(gateway), diagram.elements.leaving(gateway))
        if all(len(one) < 2 for one in ways):  # noqa: PLR2004 - several are at least two
            message = "the gateway has neither several ways in nor several ways out"
            yield on(diagram, gateway, message, "Draw the missing way, or remove the gateway.")
