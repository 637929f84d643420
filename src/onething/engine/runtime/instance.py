"""The instance: tokens, scopes and listeners, and the run of automatic steps."""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from onething import feel
from onething.engine.context import Context
from onething.engine.outcome import IncidentRaised, Mark, Passage, Status, Step, Taken
from onething.engine.runtime import conditions, joins, listeners, variables
from onething.engine.runtime.listener import Listener
from onething.engine.runtime.scope import Scope
from onething.engine.runtime.token import FAILED, READY, WAITING, Token
from onething.engine.specs.flow import Flow
from onething.errors import Conflict, ExpressionError, OnethingError

if TYPE_CHECKING:
    from onething.engine.process import Process
    from onething.engine.specs.process import ScopeSpec


class StepFailed(Conflict):
    """A token cannot go on; becomes an incident."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Instance(BpmnWorkflow):
    """One run of a process with everything that is active in it, and nothing finished."""

    def __init__(self, process: "Process", root: str) -> None:
        # BpmnWorkflow.__init__ builds a script engine and predicts a task tree.
        self.process = process
        self.root_process = root
        self.subprocesses: dict[str, Scope] = {}
        self.tokens: dict[str, Token] = {}
        self.listeners: dict[str, Listener] = {}
        self.incidents: dict[str, tuple[str, str]] = {}
        self.conditions: dict[str, None] = {}
        """Ids of the listeners that are conditions, in order."""
        self.counter = 0
        self.status: Status = "active"
        self.error: str | None = None
        self.begin(Context.unset(), Step(self))

    # -- one step ---------------------------------------------------------------------

    def begin(self, context: Context, step: Step) -> None:
        """Open a step: everything read from outside comes with the context."""
        self.context = context
        self.step = step
        self.moves = 0
        self.queue: deque[str] = deque()
        self.late: deque[str] = deque()
        """Tokens that throw signals: everything else moves first, so that it can catch."""
        self.emptied: list[str] = []
        self.is_dirty = False
        self._environment: feel.Environment | None = None

    @property
    def environment(self) -> feel.Environment:
        """What FEEL reads from outside: made once a step."""
        if self._environment is None:
            self._environment = self.context.environment()
        return self._environment

    @property
    def root(self) -> Scope:
        """The outermost scope."""
        return next(iter(self.subprocesses.values()))

    def new_id(self) -> str:
        """Return the next id of this instance: the same history gives the same ids."""
        self.counter += 1
        return str(self.counter)

    def run(self) -> None:
        """Take automatic steps until everything waits; bounded by the context's limit."""
        while self.status == "active":
            if self.is_dirty:
                self.is_dirty = False
                conditions.evaluate(self)
            elif self.queue:
                self._advance(self.queue.popleft())
            elif self.emptied:
                self._close(self.emptied.pop())
            elif self.late:
                self._advance(self.late.popleft())
            elif not joins.release(self):
                break
        self.step.status = self.status
        self.step.error = self.error

    def _advance(self, token_id: str) -> None:
        token = self.tokens.get(token_id)
        if token is None or token.state == FAILED:
            return
        self.moves += 1
        if self.moves > self.context.limits.automatic_steps:
            self.raise_incident(token, "step-limit", "too many automatic steps in one command")
            return
        try:
            getattr(token.spec, token.phase)(self, token)
        except StepFailed as failure:
            self.raise_incident(token, failure.reason, failure.message)
        except OnethingError as failure:
            self.raise_incident(token, failure.code, failure.message)

    # -- tokens -------------------------------------------------------------------------

    def new_token(self, scope: Scope, spec: Any, body: Token | None = None) -> Token:
        """Put a token at a node; it runs as soon as its turn comes."""
        token = Token(scope, spec, self.new_id(), None if body is None else body.id)
        self.tokens[token.id] = token
        if body is not None:
            body.rounds.append(token.id)
        (self.late if spec.throws_signal else self.queue).append(token.id)
        return token

    def arrive(self, scope: Scope, flow: Flow) -> None:
        """Let a token come to the target of a flow."""
        self.take(scope, flow)
        scope.spec.nodes[flow.target].arrive(self, scope, flow)

    def take(self, scope: Scope, flow: Flow) -> None:
        """Note that a token went over a flow."""
        self.step.flows.append(Taken(flow.id, scope.spec.process))

    def ready(self, token: Token) -> None:
        """Let a waiting token go on with its phase."""
        token._set_state(READY)  # noqa: SLF001 - the state protocol of SpiffWorkflow's Task
        self.queue.append(token.id)

    def finish(self, token: Token) -> None:
        """Let a token leave its node in the same run: its work is done."""
        token.phase = "leave"
        self.ready(token)

    def wait(self, token: Token, wait: str = "") -> None:
        """Leave a token where it is until something from outside comes."""
        token.wait = wait
        token._set_state(WAITING)  # noqa: SLF001 - as above

    def close_wait(self, token: Token) -> None:
        """Report that the task or job of a token is over."""
        if token.wait == "task":
            self.step.tasks_closed.append(token.id)
        elif token.wait == "job":
            self.step.jobs_closed.append(token.id)
        token.wait = ""

    def began(self, token: Token) -> None:
        """Note once that a node began."""
        if not token.triggered:
            token.triggered = True
            self.step.began.append(self.passage(token))

    def ended(self, token: Token) -> None:
        """Note that a node ended; the token is not reported as cancelled any more."""
        self.step.ended.append(self.passage(token))
        token.triggered = False

    def passage(self, token: Token) -> Passage:
        """Return the record of a token at its node."""
        return Passage(token.spec.bpmn_id, token.id, token.scope.spec.process)

    def depart(self, token: Token, flows: Sequence[Flow]) -> None:
        """End a token at its node and send new ones over the flows."""
        self.mark(token)
        self.ended(token)
        self.depart_silently(token, flows)

    def depart_silently(self, token: Token, flows: Sequence[Flow]) -> None:
        """Send tokens on when all rounds of a body are over: only rounds are reported."""
        scope = token.scope
        self.forget(token)
        for flow in flows:
            for _ in range(token.spec.completion_quantity):
                self.arrive(scope, flow)
        if scope.host is not None:
            scope.host.spec.moved(self, scope)
        self.check_empty(scope)

    def occur(self, scope: Scope, event: Any) -> None:
        """Put a token on an event that has happened."""
        token = self.new_token(scope, event)
        token.phase = "caught"

    def mark(self, token: Token) -> None:
        """Report the evaluated `onething:` properties of a node that ends."""
        if token.spec.properties:
            values = self.properties(token)
            self.step.marks.append(
                Mark(token.spec.bpmn_id, token.id, token.scope.spec.process, values)
            )

    def properties(self, token: Token) -> dict[str, Any]:
        """Evaluate the `onething:` properties of a node."""
        return {name: self.evaluate(value, token) for name, value in token.spec.properties.items()}

    def forget(self, token: Token) -> None:
        """Take a token and everything that waits for it out of the state."""
        del self.tokens[token.id]
        del token.scope.tasks[token.id]
        for listener in list(token.listeners):
            listeners.disarm(self, listener)
        self.close_wait(token)
        self.clear_incident(token)
        body = None if token.body is None else self.tokens.get(token.body)
        if body is not None:
            body.rounds.remove(token.id)

    def cancel_token(self, token: Token) -> None:
        """Cancel a token with all its rounds and everything inside it."""
        waiting = [token]
        while waiting:
            current = waiting.pop()
            if current.id not in self.tokens:
                continue
            waiting.extend(self.tokens[other] for other in current.rounds if other in self.tokens)
            inner = self.subprocesses.pop(current.internal_data.get("scope", ""), None)
            if inner is not None:
                waiting.extend(inner.tasks.values())
                self.disarm_scope(inner)
            if current.triggered:
                self.step.cancelled.append(self.passage(current))
            self.forget(current)
            current.spec.cancelled(self, current)
        self.check_empty(token.scope)

    def clear(self, scope: Scope, keep: Token | None = None) -> None:
        """Cancel everything in a scope, but not the scope, nor one token."""
        for token in list(scope.tasks.values()):
            if token is not keep and token.id in self.tokens:
                self.cancel_token(token)
        scope.arrivals.clear()
        scope.reset.clear()
        scope.queue.clear()

    # -- scopes ---------------------------------------------------------------------------

    def open_scope(
        self, spec: "ScopeSpec", host: Token | None, data: Mapping[str, Any] | None = None
    ) -> Scope:
        """Open a scope and arm its event sub-processes; no token moves yet."""
        scope = Scope(self, spec, self.new_id(), host)
        if scope.depth > self.context.limits.depth:
            raise StepFailed("depth-limit", f"calls are nested more than {scope.depth - 1} deep")
        scope.data.update(data or {})
        self.subprocesses[scope.id] = scope
        if host is not None:
            host.internal_data["scope"] = scope.id
        try:
            for node in spec.event_subprocesses:
                node.arm(self, scope)
        except OnethingError:
            # The host will be tried again and opens a scope anew.
            self.drop_scope(scope)
            raise
        return scope

    def reopen_scope(self, host: Token, record: Mapping[str, Any]) -> Scope:
        """Open the inside of a completed sub-process again, to compensate it there."""
        scope = Scope(self, self.process.scopes[record["scope"]], self.new_id(), host)
        scope.data.update(record["data"])
        scope.records = list(record["inside"])
        scope.disarmed = True
        self.subprocesses[scope.id] = scope
        host.internal_data["scope"] = scope.id
        return scope

    def begin_scope(self, scope: Scope) -> None:
        """Put tokens where a scope begins by itself."""
        for node in scope.spec.entry_nodes:
            self.new_token(scope, node)
        self.check_empty(scope)

    def scope_of(self, token: Token) -> Scope | None:
        """Return the scope that a token hosts."""
        return self.subprocesses.get(token.internal_data.get("scope", ""))

    def disarm_scope(self, scope: Scope) -> None:
        """Clear the listeners of a scope's event sub-processes."""
        for listener in list(scope.listeners):
            listeners.disarm(self, listener)

    def check_empty(self, scope: Scope) -> None:
        """Plan the end of a scope when nothing is left in it."""
        if scope.is_empty:
            self.emptied.append(scope.id)

    def _close(self, scope_id: str) -> None:
        scope = self.subprocesses.get(scope_id)
        if scope is None or not scope.is_empty:
            return
        if scope.host is None:
            self.disarm_scope(scope)
            self.status = "completed"
            return
        scope.host.spec.inner_done(self, scope.host, scope)

    def drop_scope(self, scope: Scope) -> None:
        """Take a finished scope out of the state."""
        self.disarm_scope(scope)
        self.subprocesses.pop(scope.id, None)

    def end(self, status: Status, error: str | None = None) -> None:
        """End the whole instance; nothing of it goes on."""
        root = self.root
        self.disarm_scope(root)
        self.clear(root)
        self.queue.clear()
        self.status = status
        self.error = error

    # -- values ---------------------------------------------------------------------------

    def evaluate(
        self, expression: Any, token: Token, extra: Mapping[str, Any] | None = None
    ) -> Any:
        """Evaluate an expression as seen from a token; return JSON."""
        return variables.evaluate(self, expression, token.scope, token, extra)

    def holds(self, condition: Any, token: Token, extra: Mapping[str, Any] | None = None) -> bool:
        """Say whether a condition is true; null counts as false, no condition as true."""
        if condition is None:
            return True
        value = self.evaluate(condition, token, extra)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise ExpressionError(f"{condition.text}: a condition gives true or false, not {value!r}")

    def holds_in(self, condition: Any, scope: Scope, extra: Mapping[str, Any]) -> bool:
        """Say whether a condition is true as seen from a scope."""
        return variables.evaluate(self, condition, scope, None, extra) is True

    def map_in(self, token: Token) -> None:
        """Evaluate a node's input mappings into variables local to the token."""
        for mapping in token.spec.mapping_in:
            name = mapping.target[0]
            value = self.evaluate(mapping.source, token)
            token.data[name] = variables.nested(token.data.get(name), mapping.target[1:], value)

    def assign(self, scope: Scope, path: tuple[str, ...], value: Any) -> None:
        """Set a variable where its name lives, else in the process."""
        variables.assign(self, scope, path, value)

    def changed(self, scope: Scope, name: str) -> None:
        """Note that a variable changed: conditions are evaluated again."""
        self.is_dirty = True
        if scope.host is None:
            self.step.variables[name] = scope.data[name]

    def no_flow(self, token: Token) -> list[Flow]:
        """Raise the incident that no outgoing flow was chosen."""
        if not token.spec.outgoing_flows:
            return []
        raise StepFailed("no-flow", f"{token.spec.bpmn_id}: no condition is true, no default flow")

    def raise_incident(self, token: Token, code: str, message: str) -> None:
        """Stop a token until a person acts."""
        token._set_state(FAILED)  # noqa: SLF001 - the state protocol of SpiffWorkflow's Task
        self.incidents[token.id] = (code, message)
        self.step.incidents.append(IncidentRaised(token.id, token.spec.bpmn_id, code, message))

    def clear_incident(self, token: Token) -> None:
        """Report that the incident of a token is over; one of this very step was none."""
        if self.incidents.pop(token.id, None) is None:
            return
        before = [one for one in self.step.incidents if one.token != token.id]
        if len(before) == len(self.step.incidents):
            self.step.incidents_cleared.append(token.id)
        self.step.incidents = before

    @property
    def now(self) -> datetime:
        """The instant of the command, UTC."""
        return self.context.now
