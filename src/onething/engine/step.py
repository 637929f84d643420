"""One command on a state: validate, act, run on, answer with the step."""

from collections.abc import Callable
from typing import Any

from onething.engine.commands import (
    Cancel,
    Command,
    CompleteJob,
    CompleteTask,
    Correlate,
    Enable,
    FireTimer,
    Move,
    Redate,
    Retry,
    SetVariables,
    Start,
    ThrowError,
)
from onething.engine.context import Context
from onething.engine.modification import move
from onething.engine.outcome import Step
from onething.engine.process import Process
from onething.engine.redating import redate
from onething.engine.runtime import listeners, propagation
from onething.engine.runtime.instance import Instance
from onething.engine.runtime.token import READY, Token
from onething.engine.specs.activities import AdHoc
from onething.errors import Conflict, NotFound


def start(process: Process, command: Start, context: Context) -> Step:
    """Begin a root instance.

    Raises NotFound for an unknown process or start event, Conflict for a drawing or a
    process that only something from outside can start.
    """
    spec = process.root(command.process_id)
    instance = Instance(process, command.process_id)
    instance.begin(context, Step(instance))
    scope = instance.open_scope(spec, None, command.variables)
    instance.step.variables.update(command.variables)
    chosen = _chosen(spec, command.start_event)
    if chosen is None:
        instance.begin_scope(scope)
    else:
        token = instance.new_token(scope, chosen)
        # What a start event waits for has happened already.
        token.phase = "caught" if getattr(chosen, "definitions", None) else "enter"
        _await_others(instance, spec, chosen)
    instance.run()
    return instance.step


def _chosen(spec: Any, event: str | None) -> Any:
    """Return the node to start at; None stands for the nodes that begin by themselves."""
    if event is not None:
        if event not in spec.nodes:
            raise NotFound(f"the process {spec.key} has no start event {event}")
        return spec.nodes[event]
    if spec.entry_nodes and (not spec.outside_starts or _has_plain_start(spec)):
        return None
    if len(spec.outside_starts) == 1:
        return spec.outside_starts[0]
    if not spec.outside_starts:
        return None
    raise Conflict(f"the process {spec.key} has several start events: name one")


def _has_plain_start(spec: Any) -> bool:
    return any(not node.definitions for node in spec.starts)


def _await_others(instance: Instance, spec: Any, chosen: Any) -> None:
    """Wait for the other events of a parallel gateway that starts instances."""
    for node in spec.nodes.values():
        targets = {flow.target for flow in node.outgoing_flows} if node.is_gateway else set()
        if not (chosen.bpmn_id in targets and node.instantiate and node.parallel):
            continue
        for target in sorted(targets - {chosen.bpmn_id}):
            instance.new_token(instance.root, spec.nodes[target])


def apply(process: Process, state: Instance, command: Command, context: Context) -> Step:
    """Apply a command to a state in place; return what it did.

    Raises NotFound where nothing waits for the command, Conflict where the instance is over.
    """
    if state.process.hash != process.hash:
        raise Conflict("the state belongs to another deployment")
    if state.status != "active":
        raise Conflict(f"the instance is {state.status}")
    act = _ACTS[type(command)]
    state.begin(context, Step(state))
    act(state, command)
    state.run()
    return state.step


def _waiting(state: Instance, token: str, *waits: str) -> Token:
    found = state.tokens.get(token)
    if found is None or found.wait not in waits or found.phase != "perform":
        raise NotFound(f"nothing waits at the token {token} for this")
    return found


def _answer(state: Instance, token: Token, given: Any) -> None:
    token.internal_data["results"] = dict(given)
    token.data.update(given)
    state.clear_incident(token)
    # Answered is answered: should the token stop on its way on, nobody is asked again.
    state.close_wait(token)
    state.finish(token)


def _complete_task(state: Instance, command: CompleteTask) -> None:
    _answer(state, _waiting(state, command.token, "task"), command.variables)


def _complete_job(state: Instance, command: CompleteJob) -> None:
    _answer(state, _waiting(state, command.token, "job"), command.answer)


def _throw_error(state: Instance, command: ThrowError) -> None:
    token = _waiting(state, command.token, "task", "job")
    propagation.throw_error(state, token, command.code, command.variables)


def _fire_timer(state: Instance, command: FireTimer) -> None:
    listener = state.listeners.get(command.timer)
    if listener is None or listener.kind != "timer":
        raise NotFound(f"there is no timer {command.timer}")
    listeners.fire(state, listener, {})


def _correlate(state: Instance, command: Correlate) -> None:
    listener = state.listeners.get(command.subscription)
    if listener is None or listener.kind not in {"message", "signal"}:
        raise NotFound(f"there is no subscription {command.subscription}")
    listeners.fire(state, listener, command.payload)


def _set_variables(state: Instance, command: SetVariables) -> None:
    for name, value in command.variables.items():
        state.root.data[name] = value
        state.changed(state.root, name)


def _retry(state: Instance, command: Retry) -> None:
    token = state.tokens.get(command.token)
    if token is None or token.id not in state.incidents:
        raise NotFound(f"the token {command.token} has no incident")
    for name, value in command.variables.items():
        state.assign(token.scope, (name,), value)
    state.clear_incident(token)
    token._set_state(READY)  # noqa: SLF001 - the state protocol of SpiffWorkflow's Task
    state.queue.append(token.id)


def _enable(state: Instance, command: Enable) -> None:
    for scope in list(state.subprocesses.values()):
        host = scope.host
        if (
            host is not None
            and isinstance(host.spec, AdHoc)
            and command.activity in scope.spec.nodes
        ):
            host.spec.enable(state, scope, command.activity)
            return
    raise NotFound(f"no ad-hoc sub-process waits for {command.activity}")


def _cancel(state: Instance, _command: Cancel) -> None:
    state.end("cancelled")


_ACTS: dict[type, Callable[[Instance, Any], None]] = {
    CompleteTask: _complete_task,
    CompleteJob: _complete_job,
    ThrowError: _throw_error,
    FireTimer: _fire_timer,
    Correlate: _correlate,
    SetVariables: _set_variables,
    Retry: _retry,
    Enable: _enable,
    Move: move,
    Redate: redate,
    Cancel: _cancel,
}
