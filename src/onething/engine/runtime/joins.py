"""Joins: tokens are counted per incoming flow, never searched in history."""

from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.runtime.scope import Scope
    from onething.engine.specs.flow import Flow


def count(scope: "Scope", node: str, flow: str) -> dict[str, int]:
    """Let one more token wait at a join; return the counts per flow."""
    arrived = scope.arrivals.setdefault(node, {})
    arrived[flow] = arrived.get(flow, 0) + 1
    return arrived


def consume(scope: "Scope", node: str, flows: list[str]) -> None:
    """Take one waiting token from each of the flows."""
    arrived = scope.arrivals[node]
    for flow in flows:
        arrived[flow] -= 1
        if not arrived[flow]:
            del arrived[flow]
    if not arrived:
        del scope.arrivals[node]


def arrive_parallel(instance: "Instance", scope: "Scope", spec: Any, flow: "Flow") -> None:
    """Fire a parallel gateway when each incoming flow has a token.

    Source: BPMN 2.0 §13.4.1.
    """
    arrived = count(scope, spec.bpmn_id, flow.id)
    if len(arrived) == len(spec.incoming_flows):
        consume(scope, spec.bpmn_id, list(arrived))
        instance.new_token(scope, spec)


def arrive_quantity(instance: "Instance", scope: "Scope", spec: Any) -> None:
    """Begin an activity when as many tokens came as it starts with, on any flow.

    Source: BPMN 2.0 §10.3 (startQuantity).
    """
    arrived = count(scope, spec.bpmn_id, "")
    if arrived[""] >= spec.start_quantity:
        for _ in range(spec.start_quantity):
            consume(scope, spec.bpmn_id, [""])
        instance.new_token(scope, spec)


def release(instance: "Instance") -> bool:
    """Fire the inclusive joins that nothing can reach any more; say whether one did.

    Called when nothing else moves. Which joins may have become free is not tracked:
    every scope with a waiting join is looked at, which costs what is active.
    """
    for scope in list(instance.subprocesses.values()):
        for node in list(scope.arrivals) + list(scope.reset):
            spec = scope.spec.nodes[node]
            if spec.joins_late and spec.release(instance, scope):
                return True
    return False


def is_reachable(scope: "Scope", spec: Any, used: list[str]) -> bool:
    """Say whether a token can still come to a flow of the gateway that has none.

    `used` are the flows that count as having a token. A token that can also come to
    such a flow does not hold the gateway back. Source: BPMN 2.0 §13.4.2.
    """
    have = frozenset(used)
    reach = spec.upstream_nodes
    places = chain((token.spec.bpmn_id for token in scope.tasks.values()), scope.arrivals)
    # One place that can reach only flows without token holds the gateway back.
    return any(
        node in reach and reach[node].isdisjoint(have) for node in places if node != spec.bpmn_id
    )
