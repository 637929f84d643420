"""Snapshots: a state as bytes, canonical, with a version number of its own."""

import hashlib
from typing import Any

from onething import feel
from onething.engine.process import Process
from onething.engine.runtime import variables as runtime_variables
from onething.engine.runtime.instance import Instance
from onething.engine.runtime.listener import Listener
from onething.engine.runtime.scope import Scope
from onething.engine.runtime.token import Token
from onething.errors import Conflict, NotFound

VERSION = 1
"""Version of the snapshot's form; an older snapshot is dropped and the history replayed."""


def snapshot(state: Instance) -> bytes:
    """Return a state as canonical JSON in UTF-8."""
    return feel.canonical(_record(state))


def digest(state: Instance) -> bytes:
    """Return the SHA-256 of a state: equal for equal histories, in any process."""
    return hashlib.sha256(snapshot(state)).digest()


def restore(process: Process, data: bytes) -> Instance:
    """Return the state that a snapshot holds; raise Conflict for another version's."""
    record = feel.parse_json(data)
    if record["version"] != VERSION:
        raise Conflict(f"the snapshot has version {record['version']}, not {VERSION}")
    state = Instance(process, record["root"])
    state.counter, state.status, state.error = record["counter"], record["status"], record["error"]
    for one in record["scopes"]:
        _restore_scope(state, one)
        for token in one["tokens"]:
            _restore_token(state, state.subprocesses[one["id"]], token)
    for fields in record["listeners"]:
        listener = Listener(*fields)
        state.listeners[listener.id] = listener
        if listener.kind == "condition":
            state.conditions[listener.id] = None
    state.incidents = {key: (code, text) for key, code, text in record["incidents"]}
    return state


def variables(state: Instance, token: str | None = None) -> dict[str, Any]:
    """Return the variables seen from a token, or those of the root scope; JSON values.

    Raises NotFound when there is no such token.
    """
    if token is None:
        return dict(state.root.data) if state.subprocesses else {}
    found = state.tokens.get(token)
    if found is None:
        raise NotFound(f"there is no token {token}")
    return runtime_variables.visible(found.scope, found)


def _record(state: Instance) -> dict[str, Any]:
    return {
        "version": VERSION,
        "root": state.root_process,
        "counter": state.counter,
        "status": state.status,
        "error": state.error,
        "scopes": [_scope(scope) for scope in state.subprocesses.values()],
        "listeners": [listener.record() for listener in state.listeners.values()],
        "incidents": [[key, *value] for key, value in state.incidents.items()],
    }


def _scope(scope: Scope) -> dict[str, Any]:
    return {
        "id": scope.id,
        "spec": scope.spec.key,
        "host": None if scope.host is None else scope.host.id,
        "data": scope.data,
        "arrivals": [[node, list(counts.items())] for node, counts in scope.arrivals.items()],
        "reset": list(scope.reset.items()),
        "listeners": scope.listeners,
        "disarmed": scope.disarmed,
        "records": scope.records,
        "queue": scope.queue,
        "tokens": [_token(token) for token in scope.tasks.values()],
    }


def _token(token: Token) -> list[Any]:
    return [
        token.id,
        token.spec.bpmn_id,
        token.spec.scope_spec.key,
        token.body,
        token.phase,
        token.state,
        token.wait,
        token.triggered,
        token.data,
        token.internal_data,
        token.listeners,
        token.rounds,
    ]


def _restore_scope(state: Instance, one: dict[str, Any]) -> None:
    host = None if one["host"] is None else state.tokens[one["host"]]
    scope = Scope(state, state.process.scopes[one["spec"]], one["id"], host)
    scope.data = one["data"]
    scope.arrivals = {node: dict(counts) for node, counts in one["arrivals"]}
    scope.reset = {node: list(flows) for node, flows in one["reset"]}
    scope.listeners = one["listeners"]
    scope.disarmed = one["disarmed"]
    scope.records = one["records"]
    scope.queue = one["queue"]
    state.subprocesses[scope.id] = scope


def _restore_token(state: Instance, scope: Scope, fields: list[Any]) -> None:
    spec = state.process.scopes[fields[2]].nodes[fields[1]]
    token = Token(scope, spec, fields[0], fields[3])
    token.phase, token.wait, token.triggered = fields[4], fields[6], fields[7]
    token._set_state(fields[5])  # noqa: SLF001 - the state protocol of SpiffWorkflow's Task
    token.data, token.internal_data = fields[8], fields[9]
    token.listeners, token.rounds[:] = fields[10], fields[11]
    state.tokens[token.id] = token
