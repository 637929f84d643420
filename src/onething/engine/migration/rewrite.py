"""Rewrite a stored state: every id of the old version becomes its counterpart."""

from typing import Any

from onething import feel
from onething.engine.migration.counterparts import DROPPED, Counterparts
from onething.engine.runtime.instance import Instance
from onething.engine.state import restore, snapshot

_NODE, _SCOPE, _MEMORY = 1, 2, 9
"""Places in a stored token: its node, that node's scope, what its behaviour remembers."""
_LISTENER_NODE = 3


def rewritten(parts: Counterparts, state: Instance) -> Instance:
    """Return the same state in the new version; it shares nothing with the old one."""
    record = feel.parse_json(snapshot(state))
    record["root"] = parts.name(record["root"])
    for scope in record["scopes"]:
        _scope(parts, scope)
    for listener in record["listeners"]:
        # One that is let go keeps its id until it is disarmed: nothing looks for its node.
        name = parts.name(listener[_LISTENER_NODE])
        listener[_LISTENER_NODE] = name if name != DROPPED else listener[_LISTENER_NODE]
    return restore(parts.new, feel.canonical(record))


def _scope(parts: Counterparts, scope: dict[str, Any]) -> None:
    nodes = parts.old.scopes[scope["spec"]].nodes
    scope["spec"] = parts.scope_key(scope["spec"])
    scope["arrivals"] = [
        [parts.name(node), [[parts.flow(nodes[node], flow), n] for flow, n in counts]]
        for node, counts in scope["arrivals"]
    ]
    scope["reset"] = [
        [parts.name(node), [parts.flow(nodes[node], flow) for flow in flows]]
        for node, flows in scope["reset"]
    ]
    scope["queue"] = [parts.name(node) for node in scope["queue"]]
    scope["records"] = [_undoable(parts, one) for one in scope["records"]]
    for token in scope["tokens"]:
        token[_NODE] = parts.name(token[_NODE])
        token[_SCOPE] = parts.scope_key(token[_SCOPE])
        if "skip" in token[_MEMORY]:
            token[_MEMORY]["skip"] = parts.name(token[_MEMORY]["skip"])


def _undoable(parts: Counterparts, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of a completed activity, with those of its inside."""
    moved = record | {"node": parts.name(record["node"])}
    if "handler" in record:
        moved["handler"] = parts.name(record["handler"])
    if "inside" in record:
        moved["inside"] = [_undoable(parts, one) for one in record["inside"]]
        moved["scope"] = parts.scope_key(record["scope"])
    return moved
