"""Compensation: completed activities are undone by their handlers, newest first.

A scope records what completed in it and can be compensated. A record of a sub-process
keeps the records of its inside and its variables as they were. Source: BPMN 2.0 §10.7.
"""

from typing import TYPE_CHECKING, Any

from onething.engine.runtime.scope import Scope
from onething.engine.runtime.token import Token

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance

Record = dict[str, Any]


def remember(token: Token, inner: Scope | None) -> None:
    """Record a completed activity if it can be compensated."""
    spec = token.spec
    if spec.handler is not None:
        record: Record = {"node": spec.bpmn_id, "handler": spec.handler}
        if token.body is not None:
            record["data"] = dict(token.data)
        token.scope.records.append(record)
    elif inner is not None and not spec.is_event_subprocess:
        handler = inner.spec.compensation_handler
        if inner.records or handler is not None:
            token.scope.records.append(
                {
                    "node": spec.bpmn_id,
                    "inside": inner.records,
                    "data": {**token.data, **inner.data},
                    "scope": inner.spec.key,
                }
            )


def throw(instance: "Instance", token: Token, activity: str | None, *, wait: bool) -> None:
    """Undo what completed; a waiting thrower goes on when all handlers are done."""
    scope = _affected(token)
    chosen = [one for one in scope.records if activity in {None, one["node"]}]
    scope.records = [one for one in scope.records if one not in chosen]
    token.internal_data["undo"] = [[scope.id, one] for one in chosen]
    if not wait and chosen:
        helper = instance.new_token(token.scope, token.spec)
        helper.phase = "undo"
        helper.internal_data.update(undo=token.internal_data.pop("undo"), silent=True)
        instance.finish(token)
        return
    instance.wait(token)
    proceed(instance, token)


def _affected(token: Token) -> Scope:
    """Return the scope whose activities are undone: the one around an event sub-process."""
    scope = token.scope
    while scope.host is not None and scope.host.spec.is_event_subprocess:
        scope = scope.host.scope
    return scope


def proceed(instance: "Instance", thrower: Token) -> None:
    """Run the next handler, newest record first; let the thrower go when none is left."""
    plan: list[list[Any]] = thrower.internal_data.get("undo", [])
    while plan:
        scope_id, record = plan.pop()
        scope = instance.subprocesses.get(scope_id)
        if scope is None:
            continue
        if "handler" in record:
            _undo(instance, scope, record, thrower)
            return
        _unfold(instance, scope, record, thrower)
        return
    thrower.internal_data.pop("undo", None)
    if thrower.internal_data.get("silent"):
        instance.forget(thrower)
        instance.check_empty(thrower.scope)
    elif thrower.internal_data.pop("cancelling", False):
        thrower.spec.cancel_done(instance, thrower)
    else:
        instance.finish(thrower)


def _undo(instance: "Instance", scope: Scope, record: Record, thrower: Token) -> None:
    """Put a token on a handler; the handler of a round sees what the round saw."""
    token = instance.new_token(scope, scope.spec.nodes[record["handler"]])
    token.data.update(record.get("data", {}))
    token.internal_data["undoes"] = thrower.id


def _unfold(instance: "Instance", scope: Scope, record: Record, thrower: Token) -> None:
    """Open the inside of a completed sub-process again, to undo it there.

    Its compensation event sub-process does the work when it has one, else its records.
    """
    host = instance.new_token(scope, scope.spec.nodes[record["node"]])
    host.phase = "restored"
    host.internal_data.update(undoes=thrower.id)
    inner = instance.reopen_scope(host, record)
    handler = inner.spec.compensation_handler
    if handler is not None:
        handler.start_in(instance, inner, {})
        return
    helper = instance.new_token(inner, host.spec)
    helper.phase = "undo"
    inside = [[inner.id, one] for one in inner.records]
    inner.records = []
    helper.internal_data.update(undo=inside, silent=True)


def handled(instance: "Instance", token: Token) -> None:
    """Note that a handler is done; the thrower goes on."""
    thrower = instance.tokens.get(token.internal_data["undoes"])
    scope = token.scope
    if token.phase != "restored":
        instance.mark(token)
        instance.ended(token)
    inner = instance.scope_of(token)
    if inner is not None:
        instance.drop_scope(inner)
    instance.forget(token)
    if thrower is not None:
        proceed(instance, thrower)
    instance.check_empty(scope)
