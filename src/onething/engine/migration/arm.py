"""What the new version waits for and the old one did not: it begins to wait with the move."""

from collections.abc import Iterator
from typing import Any

from onething.engine.migration.counterparts import Counterparts
from onething.engine.migration.remark import Remark
from onething.engine.runtime import listeners
from onething.engine.runtime.instance import Instance
from onething.engine.runtime.scope import Scope
from onething.engine.runtime.token import WAITING, Token
from onething.engine.specs.process import ScopeSpec


def arm_new(parts: Counterparts, old: Instance, new: Instance) -> list[Remark]:
    """Arm the events that only the new version has; say which.

    Raises ExpressionError where a time, a name or a key cannot be evaluated.
    """
    armed = []
    for scope in list(new.subprocesses.values()):
        spec = old.subprocesses[scope.id].spec
        for owner, event in _waiting(scope):
            origin = _origin(parts, spec, event)
            if _arm(new, owner, event, origin):
                message = f"{event.bpmn_id} is new and begins to wait"
                armed.append(Remark(event.bpmn_id, "begins-to-wait", message))
    return armed


def _waiting(scope: Scope) -> Iterator[tuple[Token | Scope, Any]]:
    """Yield everything that waits in a scope, each with its owner."""
    for node in scope.spec.event_subprocesses if not scope.disarmed else ():
        yield scope, node
    for token in list(scope.tasks.values()):
        if _is_armed(token):
            yield from ((token, event) for event in token.spec.boundaries)
        if token.phase == "perform" and token.state == WAITING:
            yield from ((token, event) for event in _own_events(token))


def _is_armed(token: Token) -> bool:
    """Say whether a token's boundary events are armed: at work, or a body with its rounds."""
    if token.body is not None:
        return False
    return token.phase == "perform" or (token.phase == "enter" and "total" in token.internal_data)


def _own_events(token: Token) -> list[Any]:
    """Return the events that a catching node or an event-based gateway waits for itself."""
    spec = token.spec
    if spec.is_gateway:
        return [spec.scope_spec.nodes[flow.target] for flow in spec.outgoing_flows]
    return [spec] if token.listeners and getattr(spec, "definitions", None) else []


def _origin(parts: Counterparts, spec: ScopeSpec, event: Any) -> Any:
    """Return the old event at the same place, or None for a new one."""
    origin = parts.origin(spec, event.bpmn_id)
    if origin is None or origin.attached_to is None:
        return origin
    return origin if parts.name(origin.attached_to) == event.attached_to else None


def _arm(new: Instance, owner: Token | Scope, event: Any, origin: Any) -> bool:
    known = 0 if origin is None else len(_definitions(origin))
    is_armed = False
    for part, definition in list(enumerate(_definitions(event)))[known:]:
        armed = listeners.arm(new, definition, owner, event.bpmn_id, part)
        is_armed = is_armed or armed is not None
    return is_armed


def _definitions(event: Any) -> list[Any]:
    return list((event.start if event.is_event_subprocess else event).definitions)
