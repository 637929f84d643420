"""An element stands where the standard has it.

Elsewhere it would be read past in silence. Source: BPMN 2.0.2 §8.4.8, §10.3.5, §11.4, and the
XML schema of §15.3.
"""

from collections.abc import Iterator

from onething.catalog.elements import (
    ACTIVITIES,
    EVENTS,
    GATEWAYS,
    GLOBAL_TASKS,
    NODES,
    SCOPES,
    kind_of,
)
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_ROOT = frozenset({"definitions"})
_FLOW = SCOPES | {"process"}
_CHOREOGRAPHY = frozenset({"choreography", "subChoreography", "globalChoreographyTask"})
_DATA_HOLDERS = EVENTS | {"ioSpecification"}
_PLACES: dict[str, frozenset[str]] = {
    **dict.fromkeys(ACTIVITIES, _FLOW),
    **dict.fromkeys(EVENTS | GATEWAYS | {"sequenceFlow"}, _FLOW | _CHOREOGRAPHY),
    **dict.fromkeys(
        ("dataObject", "dataObjectReference", "dataStoreReference"), _FLOW | _CHOREOGRAPHY
    ),
    **dict.fromkeys(("choreographyTask", "subChoreography", "callChoreography"), _CHOREOGRAPHY),
    **dict.fromkeys(("process", "itemDefinition", "interface", "resource", "dataStore"), _ROOT),
    **dict.fromkeys(GLOBAL_TASKS, _ROOT),
    **dict.fromkeys(("signal", "error", "escalation"), _ROOT),
    "property": ACTIVITIES | EVENTS | {"process"},
    "laneSet": _FLOW,
    "lane": frozenset({"laneSet", "childLaneSet"}),
    "ioSpecification": ACTIVITIES | GLOBAL_TASKS | {"process"},
    "dataInput": _DATA_HOLDERS,
    "dataOutput": _DATA_HOLDERS,
    "inputSet": _DATA_HOLDERS,
    "outputSet": _DATA_HOLDERS,
    "standardLoopCharacteristics": ACTIVITIES,
    "multiInstanceLoopCharacteristics": ACTIVITIES,
    "conditionExpression": frozenset({"sequenceFlow"}),
    "incoming": NODES | {"choreographyTask", "subChoreography", "callChoreography"},
    "outgoing": NODES | {"choreographyTask", "subChoreography", "callChoreography"},
}


def check(subject: Subject) -> Iterator[Fault]:
    """Yield elements inside of something that cannot hold them."""
    for kind, holders in _PLACES.items():
        for diagram, element in subject.elements(kind):
            around = element.getparent()
            if around is not None and kind_of(around) not in holders:
                message = f"a {kind} cannot stand in a {kind_of(around)}"
                remedy = f"Move it into a {' or '.join(sorted(holders))}."
                yield on(diagram, element, message, remedy)
