"""The direction that a gateway declares is the one that its flows have.

Source: BPMN 2.0.2 §8.4.9.
"""

from collections.abc import Iterator

from onething.catalog.elements import GATEWAYS
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_SEVERAL = 2


def check(subject: Subject) -> Iterator[Fault]:
    """Yield gateways whose flows contradict their gatewayDirection."""
    for diagram, gateway in subject.elements(*sorted(GATEWAYS)):
        entering = len(diagram.elements.entering(gateway))
        leaving = len(diagram.elements.leaving(gateway))
        holds = {
            "Converging": entering >= _SEVERAL and leaving < _SEVERAL,
            "Diverging": entering < _SEVERAL and leaving >= _SEVERAL,
            "Mixed": entering >= _SEVERAL and leaving >= _SEVERAL,
        }
        declared = gateway.get("gatewayDirection", "Unspecified")
        if not holds.get(declared, True):
            message = f"it is declared {declared}, but has {entering} in and {leaving} out"
            yield on(diagram, gateway, message, "Leave gatewayDirection out, or mend the flows.")
