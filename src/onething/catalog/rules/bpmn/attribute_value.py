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
        for kind in sorted(diagram.elements.kinds):
            for element in diagram.elements.of(kind):
                for name in _VALUES.keys() & element.attrib.keys():
                    written = (element.get(name) or "").strip()
                    if written and written not in _VALUES[name]:
                        message = f"{name} of a {kind_of(element)} is {written[:40]!r}"
                        remedy = f"Write {' or '.join(sorted(_VALUES[name]))}."
                        yield on(diagram, element, message, remedy)
