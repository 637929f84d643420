"""Modification: an operator takes a token off one node and puts one at another.

The new token comes first, so that the scope does not look empty in between. What cannot be
undone by a person who only sees the diagram is refused: a join that was not reached over its
flows, an event that nothing triggered, a compensation in the middle.
"""

from typing import Any

from onething.engine.commands import Move
from onething.engine.runtime.instance import Instance
from onething.engine.runtime.scope import Scope
from onething.engine.runtime.token import Token
from onething.engine.specs.gateways import ParallelGateway
from onething.errors import Conflict, InvalidInput, NotFound


def move(state: Instance, command: Move) -> None:
    """Move a token inside its scope, or only end one, or only begin one.

    Raises:
        InvalidInput: The command names neither where to end nor where to begin.
        NotFound: No such node, or no token at it.
        Conflict: Several tokens could be meant, the nodes lie in different scopes, nothing
            would be left in the scope, or a node cannot be left or entered like this.
    """
    if command.cancel is None and command.start is None:
        raise InvalidInput("Name an element to cancel, one to start, or both")
    token = None if command.cancel is None else _leaving(state, command.cancel)
    if command.start is not None:
        scope, node = _place(state, command.start, token)
        state.new_token(scope, node)
    elif token is not None and _is_last(token):
        raise Conflict(f"{command.cancel} is all that goes on: say where to start instead")
    if token is not None:
        state.cancel_token(token)
        _rearm(state, token.scope)


def _leaving(state: Instance, wanted: str) -> Token:
    """Return the token to end; the rounds of a loop end with their body."""
    node, _, token_id = wanted.partition("#")
    found = [
        token
        for token in state.tokens.values()
        if token.spec.bpmn_id == node and token.body is None and token_id in {"", token.id}
    ]
    if not found:
        standing = sorted({token.spec.bpmn_id for token in state.tokens.values()})
        raise NotFound(f"No token stands at {wanted}; tokens stand at {', '.join(standing)}")
    if len(found) > 1:
        names = ", ".join(f"{node}#{token.id}" for token in found)
        raise Conflict(f"Several tokens stand at {node}; name one of {names}")
    if found[0].phase in {"undo", "restored"} or "undoes" in found[0].internal_data:
        raise Conflict(f"A compensation runs at {node}; wait until it is done")
    return found[0]


def _is_last(token: Token) -> bool:
    """Say whether a scope would be empty without a token and its rounds."""
    scope = token.scope
    left = set(scope.tasks) - {token.id, *token.rounds}
    return not left and not scope.arrivals and not scope.queue


def _place(state: Instance, wanted: str, token: Token | None) -> tuple[Scope, Any]:
    """Return scope and node where a token begins: beside the one that ends."""
    if all(wanted not in spec.nodes for spec in state.process.scopes.values()):
        raise NotFound(f"There is no element {wanted} in this deployment")
    if token is not None:
        if wanted not in token.scope.spec.nodes:
            other = f"{wanted} is not in {token.scope.spec.key}, where {token.spec.bpmn_id} is"
            raise Conflict(f"{other}: a token moves inside its scope")
        scopes = [token.scope]
    else:
        scopes = [one for one in state.subprocesses.values() if wanted in one.spec.nodes]
    if len(scopes) != 1:
        raise Conflict(f"{wanted} lies in {len(scopes)} running scopes: a token needs just one")
    node = scopes[0].spec.nodes[wanted]
    _require_enterable(node)
    return scopes[0], node


def _require_enterable(node: Any) -> None:
    """Raise Conflict for a node that no token enters by itself."""
    reason = barred(node)
    if reason:
        raise Conflict(f"No token can be put at {node.bpmn_id}: {reason}")


def barred(node: Any) -> str:
    """Return why no token can be put at a node; an empty text where one can."""
    if node.attached_to is not None or node.is_event_subprocess:
        return "only its event starts it"
    if node.is_handler:
        return "only a compensation starts it"
    if node in node.scope_spec.starts and node.definitions:
        return "only its event starts it"
    if len(node.incoming_flows) > 1 and (node.joins_late or isinstance(node, ParallelGateway)):
        return "a join needs a token on its flows: start before it or behind it"
    return ""


def _rearm(state: Instance, scope: Scope) -> None:
    """Let a scope listen again when the event sub-process that had taken it over is gone."""
    is_taken_over = any(token.spec.is_event_subprocess for token in scope.tasks.values())
    if not scope.disarmed or is_taken_over:
        return
    scope.disarmed = False
    for node in scope.spec.event_subprocesses:
        node.arm(state, scope)
