"""Joins that would wait for ever, because the fork before them was passed in the old version."""

from collections.abc import Iterable, Iterator

from onething.engine.migration.counterparts import Counterparts
from onething.engine.migration.remark import Remark
from onething.engine.runtime.scope import Scope
from onething.engine.specs.gateways import ParallelGateway
from onething.engine.specs.process import ScopeSpec


def starved(parts: Counterparts, scope: Scope) -> Iterator[Remark]:
    """Yield the parallel joins that no longer get all their tokens once a scope has moved.

    A join that lacks a token in the old version as well is none of migration's doing.
    """
    new = parts.scope(scope.spec)
    if new is None:
        return
    places = _places(scope)
    moved = [parts.name(place) for place in places]
    for join in new.nodes.values():
        if not isinstance(join, ParallelGateway) or len(join.incoming_flows) <= 1:
            continue
        origin = parts.origin(scope.spec, join.bpmn_id)
        arrived = [] if origin is None else list(scope.arrivals.get(origin.bpmn_id, ()))
        lacking = _lacking(
            parts, new, join.bpmn_id, moved, [parts.flow(origin, one) for one in arrived]
        )
        if not lacking:
            continue
        if isinstance(origin, ParallelGateway) and _lacking(
            parts, scope.spec, origin.bpmn_id, places, arrived
        ):
            continue
        flows = ", ".join(sorted(lacking))
        message = f"the join {join.bpmn_id} would wait for ever: no token can come over {flows}"
        yield Remark(join.bpmn_id, "join-starves", message)


def _places(scope: Scope) -> list[str]:
    tokens = [token.spec.bpmn_id for token in scope.tasks.values()]
    return [*tokens, *scope.arrivals]


def _lacking(
    parts: Counterparts,
    spec: ScopeSpec,
    join: str,
    places: Iterable[str],
    arrived: Iterable[str | None],
) -> set[str]:
    """Return the flows of a join that get no token although others do."""
    reach = parts.upstream(spec, join)
    coming = {flow for place in places if place != join for flow in reach.get(place, ())}
    coming.update(flow for flow in arrived if flow is not None)
    every = {flow.id for flow in spec.nodes[join].incoming_flows}
    return every - coming if coming else set()
