"""Examine an instance: every reason why it cannot go on in the new version."""

from collections.abc import Callable, Iterator
from typing import Any

from onething.engine.migration.counterparts import DROPPED, Counterparts
from onething.engine.migration.joins import starved
from onething.engine.migration.remark import Remark
from onething.engine.runtime import listeners
from onething.engine.runtime.instance import Instance
from onething.engine.runtime.listener import Listener
from onething.engine.runtime.scope import Scope
from onething.engine.runtime.token import Token
from onething.engine.specs.events import BoundaryEvent
from onething.engine.specs.tasks import UserTask


def examine(parts: Counterparts, state: Instance) -> list[Remark]:
    """Return the obstacles in the order of the state; none means that it can move."""
    found = [*_root(parts, state)]
    for scope in state.subprocesses.values():
        for look in _OF_SCOPE:
            found.extend(look(parts, scope))
        for token in scope.tasks.values():
            found.extend(_token(parts, token))
    for listener in state.listeners.values():
        found.extend(_listener(parts, state, listener))
    return list(dict.fromkeys(found))


def _root(parts: Counterparts, state: Instance) -> Iterator[Remark]:
    spec = parts.scope(state.process.scopes[state.root_process])
    if spec is not None and not spec.executable:
        yield Remark(state.root_process, "drawing", f"{spec.key} is a drawing in the new version")


def _scope(parts: Counterparts, scope: Scope) -> Iterator[Remark]:
    """A sub-process is missing with its node; a process is missing by itself."""
    if scope.spec.called_process and parts.scope(scope.spec) is None:
        message = f"the new version has no process {parts.scope_key(scope.spec.key)}"
        yield Remark(scope.spec.key, "no-process", message)


def _token(parts: Counterparts, token: Token) -> Iterator[Remark]:
    old, new = token.spec, parts.node(token.spec)
    if new is None:
        yield _missing(parts, old)
    elif type(old) is not type(new) or _work(old) != _work(new):
        message = f"{old.bpmn_id} is a {_kind(old)}, {new.bpmn_id} a {_kind(new)}"
        yield Remark(old.bpmn_id, "other-kind", message)
    elif _rounds(old) != _rounds(new):
        message = f"{old.bpmn_id} is done {_times(old)}, {new.bpmn_id} {_times(new)}"
        yield Remark(old.bpmn_id, "other-loop", message)


def _missing(parts: Counterparts, old: Any) -> Remark:
    name = parts.name(old.bpmn_id)
    if name == DROPPED:
        message = f"{old.bpmn_id} is active: only an event that waits beside it can be let go"
        return Remark(old.bpmn_id, "no-counterpart", message)
    elsewhere = next((spec for spec in parts.new.scopes.values() if name in spec.nodes), None)
    if elsewhere is None:
        message = f"{old.bpmn_id} is active and the new version has no {name}"
        return Remark(old.bpmn_id, "no-counterpart", message)
    message = f"{old.bpmn_id} is in {old.scope_spec.key}, {name} in {elsewhere.key}"
    return Remark(old.bpmn_id, "other-scope", message)


def _work(spec: Any) -> str:
    """Return whom a task waits for: an operation, a message or a person."""
    if not isinstance(spec, UserTask):
        return ""
    if getattr(spec, "operation", None) is not None:
        return "job"
    return "message" if getattr(spec, "definitions", None) else "person"


def _kind(spec: Any) -> str:
    work = _work(spec)
    return type(spec).__name__ + (f" for a {work}" if work else "")


def _rounds(spec: Any) -> tuple[type, bool] | None:
    loop = getattr(spec, "loop", None)
    return None if loop is None else (type(loop), bool(loop.sequential))


def _times(spec: Any) -> str:
    rounds = _rounds(spec)
    if rounds is None:
        return "once"
    order = "one after another" if rounds[1] else "all at once"
    return f"in rounds ({rounds[0].__name__}, {order})"


def _listener(parts: Counterparts, state: Instance, listener: Listener) -> Iterator[Remark]:
    """An event that waits must wait for the same kind of thing at the same place."""
    owner = listeners.owner_of(state, listener)
    if owner is None:
        return
    old = (owner.scope if isinstance(owner, Token) else owner).spec.nodes[listener.node]
    is_beside = old.is_event_subprocess or isinstance(old, BoundaryEvent)
    if parts.name(listener.node) == DROPPED and is_beside:
        return
    new = parts.node(old)
    if new is None:
        message = f"its {listener.kind} waits and the new version has no {parts.name(old.bpmn_id)}"
        yield Remark(old.bpmn_id, "no-counterpart", message)
    elif type(old) is not type(new) or not _waits(new, listener) or _detached(parts, old, new):
        message = f"it waits for a {listener.kind}, and {new.bpmn_id} does not at the same place"
        yield Remark(old.bpmn_id, "other-event", message)
    elif isinstance(owner, Token) and not _leads(parts, owner, new):
        message = f"{parts.name(owner.spec.bpmn_id)} does not lead to {new.bpmn_id}"
        yield Remark(old.bpmn_id, "other-event", message)


def _waits(new: Any, listener: Listener) -> bool:
    start = new.start if new.is_event_subprocess else new
    definitions = getattr(start, "definitions", [])
    if listener.part >= len(definitions):
        return False
    return bool(definitions[listener.part].waits_for == listener.kind)


def _detached(parts: Counterparts, old: Any, new: Any) -> bool:
    return old.attached_to is not None and parts.name(old.attached_to) != new.attached_to


def _leads(parts: Counterparts, owner: Token, event: Any) -> bool:
    """Say whether an event-based gateway still leads to an event that it waits for."""
    gateway = parts.node(owner.spec)
    if gateway is None or not gateway.is_gateway:
        return True
    return event.bpmn_id in {flow.target for flow in gateway.outgoing_flows}


def _joins(parts: Counterparts, scope: Scope) -> Iterator[Remark]:
    """Tokens that wait at a join must find the same flows; one that is complete would not fire."""
    waiting = [*scope.arrivals.items(), *((node, flows) for node, flows in scope.reset.items())]
    for node, flows in waiting:
        old = scope.spec.nodes[node]
        new = parts.node(old)
        if new is None or type(old) is not type(new):
            message = f"tokens wait at {node}, and the new version has no join like it"
            yield Remark(node, "join-changed", message)
        elif any(parts.flow(old, flow) is None for flow in flows):
            message = f"tokens wait at {node} on flows that the new version does not have"
            yield Remark(node, "join-changed", message)
        elif node in scope.arrivals and _is_complete(scope, old, new):
            message = f"all that {new.bpmn_id} waits for has come already"
            yield Remark(node, "join-changed", message)


def _is_complete(scope: Scope, old: Any, new: Any) -> bool:
    counts = scope.arrivals[old.bpmn_id]
    if "" in counts:
        return bool(counts[""] >= new.start_quantity)
    return not new.joins_late and len(counts) >= len(new.incoming_flows)


def _records(parts: Counterparts, scope: Scope) -> Iterator[Remark]:
    """What was completed must find its compensation handler again."""
    held = [(scope.spec.key, record) for record in scope.records]
    while held:
        key, record = held.pop()
        new = parts.new.scopes.get(parts.scope_key(key))
        needed = [record["node"], *([record["handler"]] if "handler" in record else [])]
        if new is None or any(parts.name(one) not in new.nodes for one in needed):
            message = f"{record['node']} was completed, and the new version cannot undo it"
            yield Remark(record["node"], "compensation", message)
        held.extend((record["scope"], one) for one in record.get("inside", ()))


def _undoing(_parts: Counterparts, scope: Scope) -> Iterator[Remark]:
    for token in scope.tasks.values():
        if "undo" in token.internal_data or token.phase == "restored":
            message = f"a compensation runs at {token.spec.bpmn_id}: wait until it is done"
            yield Remark(token.spec.bpmn_id, "compensation", message)


def _queued(parts: Counterparts, scope: Scope) -> Iterator[Remark]:
    new = parts.scope(scope.spec)
    for node in scope.queue:
        if new is not None and parts.name(node) not in new.nodes:
            message = f"{node} is to come next and the new version has no {parts.name(node)}"
            yield Remark(node, "no-counterpart", message)


_OF_SCOPE: tuple[Callable[[Counterparts, Scope], Iterator[Remark]], ...] = (
    _scope,
    _joins,
    _records,
    _undoing,
    _queued,
    starved,
)
