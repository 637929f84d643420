"""Which timers read a variable: what a change of it would have set otherwise."""

import re

from onething.engine.runtime import listeners
from onething.engine.runtime.instance import Instance
from onething.engine.runtime.token import Token


def timers_reading(state: Instance, name: str) -> list[str]:
    """Return the ids of the timers whose expression names a variable, in their order.

    Args:
        state: The instance; it is only looked at.
        name: The variable.
    """
    word = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)")
    found = []
    for listener in state.listeners.values():
        if listener.kind != "timer":
            continue
        owner = listeners.owner_of(state, listener)
        if owner is None:
            continue
        spec = owner.scope.spec if isinstance(owner, Token) else owner.spec
        definition = spec.nodes[listener.node].definitions[listener.part]
        if word.search(definition.expression.text):
            found.append(listener.id)
    return found
