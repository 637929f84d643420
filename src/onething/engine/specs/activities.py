"""Activities: nodes that do work, alone, in loops or many at once."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from onething.engine.outcome import Thrown
from onething.engine.runtime import compensation, joins, listeners, loops, variables
from onething.engine.runtime.scope import Scope
from onething.engine.specs.definitions import Definition, Signal
from onething.engine.specs.flow import Association, Flow
from onething.engine.specs.node import Node

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.runtime.token import Token


class Activity(Node):
    """What tasks, sub-processes and calls have in common; by itself it passes."""

    is_transaction = False

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.loop: Any = None
        self.start_quantity = 1
        self.completion_quantity = 1
        self.data_in: tuple[Association, ...] = ()
        self.data_out: tuple[Association, ...] = ()
        self.result_name = ""
        """Variable that takes the whole result, where the model names one."""

    @property
    def is_activity(self) -> bool:
        """Boundary events, loops and compensation may be attached."""
        return True

    def arrive(self, instance: "Instance", scope: Scope, flow: Flow) -> None:  # noqa: ARG002 - face of Node
        """Begin, or wait for as many tokens as the activity starts with."""
        if self.start_quantity > 1:
            joins.arrive_quantity(instance, scope, self)
        else:
            instance.new_token(scope, self)

    def enter(self, instance: "Instance", token: "Token") -> None:
        """Arm the boundary events, then do the work once or in rounds."""
        self._arm(instance, token)
        if self.loop is not None:
            loops.begin(instance, token)
            return
        token.phase = "perform"
        self.perform(instance, token)

    def _arm(self, instance: "Instance", token: "Token") -> None:
        listeners.disarm_all(instance, token)
        for event in self.boundaries:
            for part, definition in enumerate(event.definitions):
                listeners.arm(instance, definition, token, event.bpmn_id, part)

    def perform(self, instance: "Instance", token: "Token") -> None:
        """Map the inputs and begin the work."""
        instance.began(token)
        variables.bring_in(instance, token, self.data_in)
        instance.map_in(token)
        self.work(instance, token)

    def work(self, instance: "Instance", token: "Token") -> None:
        """Do the work; by default there is none."""
        instance.finish(token)

    def leave(self, instance: "Instance", token: "Token") -> None:
        """Map the outputs; then the loop, the compensation or the flows go on."""
        if token.internal_data.get("total") is None or token.body is not None:
            self.settle(instance, token)
            variables.bring_out(instance, token, self.data_out)
        if token.body is not None:
            self._remember(instance, token)
            loops.round_done(instance, token)
        elif "undoes" in token.internal_data:
            compensation.handled(instance, token)
        else:
            self._go_on(instance, token)

    def restored(self, instance: "Instance", token: "Token") -> None:
        """Host the inside that was opened again for its compensation."""
        instance.wait(token)

    def _go_on(self, instance: "Instance", token: "Token") -> None:
        flows = self.choose(instance, token)
        if self.loop is None:
            self._remember(instance, token)
            instance.depart(token, flows)
        else:
            instance.depart_silently(token, flows)

    def _remember(self, instance: "Instance", token: "Token") -> None:
        compensation.remember(token, instance.scope_of(token))
        inner = instance.scope_of(token)
        if inner is not None:
            instance.drop_scope(inner)

    def settle(self, instance: "Instance", token: "Token") -> None:
        """Bring the results out: through the output mappings, if there are any."""
        if self.mapping_out:
            listeners.settle(instance, token)

    def publish(
        self, instance: "Instance", token: "Token", results: Iterable[tuple[str, Any]]
    ) -> None:
        """Assign results outside; the variables of a round and data outputs stay inside."""
        outputs = {one.source for one in self.data_out}
        for name, value in results:
            if name in outputs or (token.body is not None and self.loop.keeps(name)):
                token.data[name] = value
            else:
                instance.assign(token.scope, (name,), value)

    def behave(self, instance: "Instance", body: "Token", events: list[Definition]) -> None:
        """Throw the events of a multi-instance behaviour; boundary events catch them.

        The other instances go on: such a boundary event does not interrupt.
        Source: BPMN 2.0 §10.3.8, table 10.31.
        """
        for definition in events:
            if not isinstance(definition, Signal):
                self._behave_coded(instance, body, definition)
                continue
            name = str(instance.evaluate(definition.title, body))
            instance.step.thrown.append(Thrown("signal", name, None, {}, self.bpmn_id))
            for event in self.boundaries:
                titles = [one.title for one in event.definitions if isinstance(one, Signal)]
                if any(str(instance.evaluate(title, body)) == name for title in titles):
                    instance.occur(body.scope, event)

    def _behave_coded(self, instance: "Instance", body: "Token", definition: Definition) -> None:
        for event in self.boundaries:
            if any(
                one.kind == definition.kind and one.name in {"", definition.name}
                for one in event.definitions
            ):
                instance.occur(body.scope, event)

    def results(self, token: "Token") -> Mapping[str, Any]:
        """Return what an outside answer gave to the token."""
        return token.internal_data.get("results", {})  # type: ignore[no-any-return]


class SubProcess(Activity):
    """A process inside the process. Source: BPMN 2.0 §10.3.5."""

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.inner: Any = None
        """Spec of the inside."""

    def work(self, instance: "Instance", token: "Token") -> None:
        """Open the inside and wait for it."""
        scope = instance.open_scope(self.inner, token)
        instance.wait(token)
        instance.begin_scope(scope)

    def moved(self, instance: "Instance", scope: Scope) -> None:
        """Take note that an activity inside has ended."""

    def inner_done(self, instance: "Instance", token: "Token", scope: Scope) -> None:
        """Go on when nothing is left inside."""
        instance.disarm_scope(scope)
        if token.phase == "restored":
            compensation.handled(instance, token)
        elif token.phase != "leave":
            instance.finish(token)


class Transaction(SubProcess):
    """A sub-process that can be cancelled as a whole. Source: BPMN 2.0 §13.3.5."""

    is_transaction = True

    def cancel(self, instance: "Instance", token: "Token") -> None:
        """Stop the inside, then undo what was completed in it."""
        scope = instance.scope_of(token)
        if scope is None:
            return
        records = scope.records
        instance.disarm_scope(scope)
        scope.disarmed = True
        helper = instance.new_token(scope, self)
        helper.phase = "undo"
        helper.internal_data["cancelling"] = True
        instance.clear(scope, keep=helper)
        helper.internal_data["undo"] = [[scope.id, one] for one in records]
        scope.records = []

    def cancel_done(self, instance: "Instance", helper: "Token") -> None:
        """Leave over the cancel boundary event when everything is undone."""
        host = helper.scope.host
        if host is None:
            return
        body = instance.tokens.get(host.body or "", host)
        for event in self.boundaries:
            if any(one.kind == "cancel" for one in event.definitions):
                event.happen(instance, body, {})
                return
        instance.cancel_token(body)


class AdHoc(SubProcess):
    """Activities without order, until a condition says it is enough.

    Source: BPMN 2.0 §13.3.5 (ad-hoc).
    """

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.sequential = False
        self.completion: Any = None
        self.cancels_rest = True

    def work(self, instance: "Instance", token: "Token") -> None:
        """Begin every activity at once, or the first of a row."""
        scope = instance.open_scope(self.inner, token)
        instance.wait(token)
        names = [node.bpmn_id for node in self.inner.entry_nodes]
        if self.sequential:
            scope.queue = names
            self.advance(instance, scope)
        else:
            for name in names:
                instance.new_token(scope, self.inner.nodes[name])
        instance.check_empty(scope)

    def advance(self, instance: "Instance", scope: Scope) -> None:
        """Begin the next of a row when nothing else is at work."""
        if scope.queue and not scope.tasks:
            instance.new_token(scope, self.inner.nodes[scope.queue.pop(0)])

    def enable(self, instance: "Instance", scope: Scope, activity: str) -> None:
        """Begin one activity, unless it is at work already or another must end first."""
        if any(token.spec.bpmn_id == activity for token in scope.tasks.values()):
            return
        if self.sequential and scope.tasks:
            if activity not in scope.queue:
                scope.queue.append(activity)
            return
        if activity in scope.queue:
            scope.queue.remove(activity)
        instance.new_token(scope, self.inner.nodes[activity])

    def moved(self, instance: "Instance", scope: Scope) -> None:
        """After an activity ended: ask whether it is enough, or begin the next."""
        if self.completion is not None and instance.holds_in(self.completion, scope, {}):
            scope.queue.clear()
            if self.cancels_rest:
                instance.clear(scope)
        elif self.sequential:
            self.advance(instance, scope)


class CallActivity(SubProcess):
    """A call of a process or global task that was deployed together with this one.

    Source: BPMN 2.0 §10.3.6.
    """

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.called: Any = None
        """Expression of the called process's id."""
        self.takes_all = True
        """The called process sees a copy of all variables."""
        self.gives_all = True
        """All its variables come back when no output mapping says which."""

    def work(self, instance: "Instance", token: "Token") -> None:
        """Open the called process with its own variables, and wait for it."""
        spec = instance.process.called(str(instance.evaluate(self.called, token)))
        # A called process that sees everything reads through to its caller: no copy is kept.
        scope = instance.open_scope(spec, token, {} if self.takes_all else token.data)
        instance.wait(token)
        instance.begin_scope(scope)

    def inner_done(self, instance: "Instance", token: "Token", scope: Scope) -> None:
        """Keep what the called process left, for the output mappings."""
        if token.phase != "leave":
            token.internal_data["results"] = dict(scope.data)
        super().inner_done(instance, token, scope)

    def settle(self, instance: "Instance", token: "Token") -> None:
        """Bring variables back: the mapped ones, else all that the call may give."""
        given = self.results(token)
        if self.mapping_out:
            token.data.update(given)
            listeners.settle(instance, token)
        elif self.gives_all:
            inputs = {mapping.target[0] for mapping in self.mapping_in}
            self.publish(instance, token, [one for one in given.items() if one[0] not in inputs])
