"""Conditional events: evaluated when variables changed, they fire when turning true."""

from typing import TYPE_CHECKING

from onething.engine.runtime import listeners
from onething.engine.runtime.listener import Listener
from onething.engine.runtime.token import Token
from onething.errors import OnethingError

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance


def evaluate(instance: "Instance") -> None:
    """Fire each condition that turned from false to true. Source: BPMN 2.0 §10.5.4."""
    for listener in [instance.listeners[one] for one in instance.conditions]:
        if listener.id not in instance.listeners:
            continue
        before, listener.value = listener.value, _holds(instance, listener)
        if listener.value and not before:
            listeners.fire(instance, listener, {})


def _holds(instance: "Instance", listener: Listener) -> bool:
    owner = listeners.owner_of(instance, listener)
    if owner is None:
        return False
    scope = owner.scope if isinstance(owner, Token) else owner
    token = owner if isinstance(owner, Token) else None
    definition = scope.spec.nodes[listener.node].definition_at(listener.part)
    try:
        return bool(definition.holds(instance, scope, token))
    except OnethingError as failure:
        # A catching event can stop here and be retried; an activity at work goes on.
        if token is not None and token.spec.bpmn_id == listener.node:
            instance.raise_incident(token, failure.code, failure.message)
        return False
