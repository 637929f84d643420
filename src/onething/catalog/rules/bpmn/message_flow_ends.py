"""A message flow connects what can send with what can receive, in different pools.

Pools, activities and message events can; nodes that wait for a message do not send one.
Source: BPMN 2.0.2 §7.6.2, §9.4, §10.5.
"""

from collections.abc import Iterator

from onething.catalog.diagram import Diagram
from onething.catalog.elements import ACTIVITIES, CATCHING, THROWING, Element, kind_of, process_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield message flows with an end that cannot send or receive, or both in one pool."""
    for diagram, flow in subject.elements("messageFlow"):
        ends = [diagram.elements.find(flow.get(name)) for name in ("sourceRef", "targetRef")]
        remedy = "Draw it between an activity, message event or pool and another pool."
        for end, does, events in zip(ends, ("send", "receive"), (THROWING, CATCHING), strict=True):
            if end is not None and not _can(diagram, end, events):
                message = f"{end.get('id')} ({kind_of(end)}) cannot {does} a message"
                yield on(diagram, flow, message, remedy)
        pools = [_pool(diagram, one) for one in ends]
        if pools[0] is not None and pools[0] is pools[1]:
            message = "both ends of the message flow lie in one pool"
            yield on(diagram, flow, message, remedy)


def _can(diagram: Diagram, end: Element, events: frozenset[str]) -> bool:
    if _is_of_choreography(end):
        return False
    kind = kind_of(end)
    if kind in events:
        return "message" in diagram.elements.triggers(end)
    return kind in ACTIVITIES | {"participant", "conversation", "subConversation"}


def _is_of_choreography(end: Element) -> bool:
    return kind_of(end) in {"choreographyTask", "subChoreography", "callChoreography"}


def _pool(diagram: Diagram, end: Element | None) -> Element | None:
    """Return the process behind a pool or node, or the pool itself where it has none."""
    if end is None or kind_of(end) != "participant":
        return None if end is None else process_of(end)
    process = diagram.elements.find(end.get("processRef"))
    return end if process is None else process
