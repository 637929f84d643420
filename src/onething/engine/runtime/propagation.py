"""Errors and escalations travel outwards until a handler catches them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from onething.engine.runtime.scope import Scope
from onething.engine.runtime.token import Token

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance


def handlers(
    instance: "Instance", token: Token, kind: str, code: str | None
) -> Iterator[tuple[Token | Scope, Any]]:
    """Yield who catches a code, innermost first: (owner, event node or sub-process).

    At each level event sub-processes come before the boundary of the scope; a handler
    of the very code comes before one of any code. Source: BPMN 2.0 §10.5.6, §10.5.7.
    """
    place: Token | None = token
    within: Any = None
    while place is not None:
        yield from _on_activity(instance, place, kind, code)
        scope = place.scope
        within = place.spec if place.spec.is_event_subprocess else None
        if not scope.disarmed:
            found = [node for node in scope.spec.event_subprocesses if node is not within]
            yield from ((scope, node) for node in _matching(found, kind, code))
        place = scope.host


def _on_activity(
    instance: "Instance", place: Token, kind: str, code: str | None
) -> Iterator[tuple[Token, Any]]:
    body = instance.tokens.get(place.body or "", place)
    for node in _matching(place.spec.boundaries, kind, code):
        yield body, node


def _matching(nodes: list[Any], kind: str, code: str | None) -> list[Any]:
    exact = [node for node in nodes if node.catches(kind, code)]
    return exact + [node for node in nodes if code is not None and node.catches(kind, None)]


def throw_error(
    instance: "Instance", token: Token, code: str | None, payload: Mapping[str, Any]
) -> None:
    """Interrupt at the nearest handler; without one the instance fails."""
    for owner, node in handlers(instance, token, "error", code):
        node.handle(instance, owner, "error", code, payload)
        return
    instance.end("failed", code or "")


def throw_escalation(
    instance: "Instance", token: Token, code: str | None, payload: Mapping[str, Any]
) -> None:
    """Tell the nearest handler; without one nothing happens."""
    for owner, node in handlers(instance, token, "escalation", code):
        node.handle(instance, owner, "escalation", code, payload)
        return


def is_caught(instance: "Instance", token: Token, code: str) -> bool:
    """Say whether the model catches an error at a token."""
    return next(handlers(instance, token, "error", code), None) is not None
