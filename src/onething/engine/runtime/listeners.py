"""Listeners are armed, disarmed and fired here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from onething.engine import timing
from onething.engine.outcome import Subscribed, TimerSet
from onething.engine.runtime import variables
from onething.engine.runtime.listener import Listener
from onething.engine.runtime.scope import Scope
from onething.engine.runtime.token import Token

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance


def arm(
    instance: "Instance", definition: Any, owner: Token | Scope, node: str, part: int
) -> Listener | None:
    """Begin to wait for one event definition; None for those that are only looked up.

    Errors, escalations, compensations and cancels find their handler when they are
    thrown; they need no listener.
    """
    if definition.waits_for is None:
        return None
    listener = Listener("", definition.waits_for, owner.id, node, part)
    definition.prepare(instance, listener, *_place(owner))
    listener.id = instance.new_id()
    instance.listeners[listener.id] = listener
    owner.listeners.append(listener.id)
    _announce(instance, listener)
    return listener


def _place(owner: Token | Scope) -> tuple[Scope, Token | None]:
    return (owner.scope, owner) if isinstance(owner, Token) else (owner, None)


def _announce(instance: "Instance", listener: Listener) -> None:
    if listener.kind == "timer":
        due, provisional = timing.instant(listener.due), listener.value
        instance.step.timers_set.append(TimerSet(listener.id, listener.node, due, provisional))
    elif listener.kind in {"message", "signal"}:
        subscribed = Subscribed(
            listener.id,
            "message" if listener.kind == "message" else "signal",
            listener.name,
            listener.key,
            listener.node,
        )
        instance.step.subscribed.append(subscribed)
    else:
        instance.conditions[listener.id] = None
        instance.is_dirty = True


def owner_of(instance: "Instance", listener: Listener) -> Token | Scope | None:
    """Return the token or scope that waits."""
    return instance.tokens.get(listener.owner) or instance.subprocesses.get(listener.owner)


def disarm(instance: "Instance", listener_id: str) -> None:
    """Stop waiting; say so."""
    listener = instance.listeners.pop(listener_id, None)
    if listener is None:
        return
    owner = owner_of(instance, listener)
    # A token that is being forgotten, or a scope, is no longer in the state: its list goes too.
    if owner is not None and listener_id in owner.listeners:
        owner.listeners.remove(listener_id)
    if listener.kind == "timer":
        instance.step.timers_cleared.append(listener_id)
    elif listener.kind in {"message", "signal"}:
        instance.step.unsubscribed.append(listener_id)
    else:
        instance.conditions.pop(listener_id, None)


def disarm_all(instance: "Instance", owner: Token | Scope) -> None:
    """Stop waiting for anything on behalf of a token or scope."""
    for listener in list(owner.listeners):
        disarm(instance, listener)
    owner.listeners.clear()


def fire(instance: "Instance", listener: Listener, payload: Mapping[str, Any]) -> None:
    """Let what is waited for happen at its owner."""
    owner = owner_of(instance, listener)
    if isinstance(owner, Scope):
        owner.spec.nodes[listener.node].fire(instance, owner, listener, payload)
    elif owner is not None:
        owner.spec.triggered(instance, owner, listener, payload)


def repeat(instance: "Instance", listener: Listener) -> None:
    """Set a repeating timer again after it fired; other timers fire once."""
    owner = owner_of(instance, listener)
    if listener.kind != "timer" or owner is None:
        return
    disarm(instance, listener.id)
    following = timing.following(listener.name, listener.due, listener.left, instance.context)
    if following is None:
        return
    again = Listener(instance.new_id(), "timer", listener.owner, listener.node, listener.part)
    again.name, again.due, again.left = listener.name, timing.text(following[0]), following[1]
    instance.listeners[again.id] = again
    owner.listeners.append(again.id)
    _announce(instance, again)


def spread(instance: "Instance", kind: str, name: str, payload: Mapping[str, Any]) -> None:
    """Let everything in this instance that waits for a signal catch it, inner first."""
    waiting = [one for one in instance.listeners.values() if one.kind == kind and one.name == name]
    waiting.sort(key=lambda one: -_depth(instance, one))
    for listener in waiting:
        if listener.id in instance.listeners:
            fire(instance, listener, payload)


def _depth(instance: "Instance", listener: Listener) -> int:
    owner = owner_of(instance, listener)
    if isinstance(owner, Token):
        return owner.scope.depth
    return -1 if owner is None else owner.depth


def merge(instance: "Instance", scope: Scope, token: Token, payload: Mapping[str, Any]) -> None:
    """Bring the payload of a caught event in: through output mappings, else whole."""
    if token.spec.mapping_out:
        token.data.update(payload)
        settle(instance, token)
        return
    for name, value in payload.items():
        variables.assign(instance, scope, (name,), value)


def settle(instance: "Instance", token: Token) -> None:
    """Evaluate a node's output mappings and assign what they give outside the node."""
    for mapping in token.spec.mapping_out:
        value = instance.evaluate(mapping.source, token)
        name = mapping.target[0]
        if token.body is not None and token.spec.loop.keeps(name):
            token.data[name] = variables.nested(token.data.get(name), mapping.target[1:], value)
        else:
            variables.assign(instance, token.scope, mapping.target, value)
