"""An attribute has a value that the standard gives it.

Any other value would be taken for the default in silence. Source: the XML schema of
BPMN 2.0.2 §15.3.
"""

from collections.abc import Iterator

from onething.catalog.elements import kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_BOOLEAN = frozenset({"true", "false", "1", "0"})
_VALUES: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "cancelActivity",
            "cancelRemainingInstances",
            "instantiate",
            "isClosed",
            "isCollection",
            "isExecutable",
            "isForCompensation",
            "isImmediate",
            "isInterrupting",
            "isMarkerVisible",
            "isSequential",
            "parallelMultiple",
            "testBefore",
            "triggeredByEvent",
            "waitForCompletion",
        ),
        _BOOLEAN,
    ),
    "associationDirection": frozenset({"None", "One", "Both"}),
    "behavior": frozenset({"None", "One", "All", "Complex"}),
    "eventGatewayType": frozenset({"Exclusive", "Parallel"}),
    "gatewayDirection": frozenset({"Unspecified", "Converging", "Diverging", "Mixed"}),
    "itemKind": frozenset({"Information", "Physical"}),
    "ordering": frozenset({"Parallel", "Sequential"}),
    "processType": frozenset({"None", "Public", "Private"}),
}


def check(subject: Subject) -> Iterator[Fault]:
    """Yield attributes whose value is none of those that the standard has."""
    for diagram in subject.diagrams:
        for name, values in _VALUES.items():
            for element in diagram.elements.by_attribute.get(name, ()):
                written = (element.get(name) or "").strip()
                if written and written not in values:
                    message = f"{name} of a {kind_of(element)} is {written[:40]!r}"
                    yield on(diagram, element, message, f"Write {' or '.join(sorted(values))}.")
