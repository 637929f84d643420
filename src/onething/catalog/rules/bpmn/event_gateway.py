"""An event-based gateway offers a choice of several events.

Where it starts instances nothing enters it. Messages are awaited either by events or by receive
tasks, and such a receive task carries no boundary event. Source: BPMN 2.0.2 §10.6.6.
"""

from collections.abc import Iterator

from onething.catalog.elements import Element, Elements, is_true, kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield event-based gateways that offer no choice or mix what they wait for."""
    for diagram in subject.diagrams:
        elements = diagram.elements
        held = {elements.find(one.get("attachedToRef")) for one in elements.of("boundaryEvent")}
        for gateway in elements.of("eventBasedGateway"):
            for message, remedy in _wrong(elements, gateway, held):
                yield on(diagram, gateway, message, remedy)


def _wrong(
    elements: Elements, gateway: Element, held: set[Element | None]
) -> Iterator[tuple[str, str]]:
    flows = elements.leaving(gateway)
    if len(flows) < 2:  # noqa: PLR2004 - a choice is between two
        yield "it has fewer than two ways out", "Draw the other events."
    is_parallel = gateway.get("eventGatewayType") == "Parallel"
    if is_parallel and not is_true(gateway, "instantiate"):
        yield "a parallel one starts instances", "Write instantiate, or the type Exclusive."
    if is_true(gateway, "instantiate") and elements.entering(gateway):
        yield "it starts instances, but a sequence flow enters it", "Remove instantiate."
    behind = [one for flow in flows if (one := elements.find(flow.get("targetRef"))) is not None]
    tasks = [one for one in behind if kind_of(one) == "receiveTask"]
    events = [one for one in behind if kind_of(one) == "intermediateCatchEvent"]
    if tasks and any("message" in elements.triggers(one) for one in events):
        yield "it mixes message events and receive tasks", "Use the one or the other."
    if any(task in held for task in tasks):
        yield "a receive task behind it has a boundary event", "Remove the boundary event."
