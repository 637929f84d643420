"""Tasks: what people, machines, messages, scripts and decisions do."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from onething import feel
from onething.engine import timing
from onething.engine.outcome import DecisionTaken, JobOpened, TaskOpened
from onething.engine.runtime import listeners, variables
from onething.engine.runtime.instance import StepFailed
from onething.engine.specs.activities import Activity
from onething.engine.specs.definitions import Definition, Message
from onething.engine.specs.events import throw_message

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.runtime.listener import Listener
    from onething.engine.runtime.token import Token


class AbstractTask(Activity):
    """A task without type: passes by itself. Source: BPMN 2.0 §13.3.3."""


class UserTask(Activity):
    """A task that a person completes."""

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.form: str | None = None
        self.groups: Any = None
        """Expression of the candidate groups."""
        self.due: Any = None
        """Expression of the due date."""

    def work(self, instance: "Instance", token: "Token") -> None:
        """Open the task and wait for its completion."""
        properties = instance.properties(token)
        opened = TaskOpened(
            token=token.id,
            activity=self.bpmn_id,
            process=self.scope_spec.process,
            name=self.bpmn_name or self.bpmn_id,
            lane=self.lane,
            form=self.form,
            candidate_groups=self._groups(instance, token),
            due_at=self._due_at(instance, token, properties.get("limit")),
            inputs=dict(token.data),
            properties=properties,
        )
        instance.step.tasks_opened.append(opened)
        instance.wait(token, "task")

    def _groups(self, instance: "Instance", token: "Token") -> tuple[str, ...]:
        if self.groups is None:
            return ()
        value = instance.evaluate(self.groups, token)
        names = value if isinstance(value, list) else str(value or "").split(",")
        return tuple(str(name).strip() for name in names if str(name).strip())

    def _due_at(self, instance: "Instance", token: "Token", limit: Any) -> datetime | None:
        """Return when the task is due: by its schedule, else by its legal limit."""
        value, source = limit, "onething:limit"
        if self.due is not None:
            value, source = instance.evaluate(self.due, token), self.due.text
        if value is None:
            return None
        return timing.first(timing.spoken(value, source), instance.context).at

    def settle(self, instance: "Instance", token: "Token") -> None:
        """Bring the answers out: the mapped ones, else all of them."""
        if self.mapping_out:
            super().settle(instance, token)
        else:
            self.publish(instance, token, self.results(token).items())


class ManualTask(UserTask):
    """Work away from any system: a person says that it is done. Source: BPMN 2.0 §13.3.3."""


class JobTask(UserTask):
    """A task that a machine does where the model names an operation.

    Without an operation a person does it: a department without a system gets a task.
    """

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.operation: Any = None
        self.retries: Any = None
        self.headers: Mapping[str, str] = {}

    def work(self, instance: "Instance", token: "Token") -> None:
        """Open the job, or the task, and wait for the answer."""
        if self.operation is None:
            super().work(instance, token)
            return
        opened = JobOpened(
            token=token.id,
            activity=self.bpmn_id,
            process=self.scope_spec.process,
            name=self.bpmn_name or self.bpmn_id,
            operation=str(instance.evaluate(self.operation, token)),
            inputs={
                mapping.target[0]: token.data[mapping.target[0]] for mapping in self.mapping_in
            },
            retries=self._retries(instance, token),
            headers=dict(self.headers),
            properties=instance.properties(token),
        )
        instance.step.jobs_opened.append(opened)
        instance.wait(token, "job")

    def _retries(self, instance: "Instance", token: "Token") -> int:
        value = None if self.retries is None else instance.evaluate(self.retries, token)
        try:
            return 3 if value is None else int(value)
        except (TypeError, ValueError):
            raise StepFailed("not-a-number", f"retries are {value!r}, not a number") from None

    def settle(self, instance: "Instance", token: "Token") -> None:
        """Bring the answer out: mapped, or whole under the result's name, else drop it."""
        if self.operation is None or self.mapping_out:
            super().settle(instance, token)
        elif self.result_name:
            self.publish(instance, token, [(self.result_name, dict(self.results(token)))])


class SendTask(JobTask):
    """Sends a message, or calls an operation that does."""

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.message: Message | None = None

    def work(self, instance: "Instance", token: "Token") -> None:
        """Throw the message; where there is an operation, open a job instead."""
        if self.operation is not None:
            super().work(instance, token)
            return
        if self.message is not None:
            throw_message(instance, token, self.message)
        instance.finish(token)


class ReceiveTask(UserTask):
    """Waits for a message; without one for a person. Source: BPMN 2.0 §13.3.3."""

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.definitions: list[Definition] = []
        self.instantiate = False

    def definition_at(self, part: int) -> Any:
        """Return the message that the task waits for."""
        return self.definitions[part]

    def work(self, instance: "Instance", token: "Token") -> None:
        """Wait for the message."""
        if not self.definitions:
            super().work(instance, token)
            return
        for part, definition in enumerate(self.definitions):
            listeners.arm(instance, definition, token, self.bpmn_id, part)
        instance.wait(token)

    def fire(
        self, instance: "Instance", token: "Token", listener: "Listener", payload: Mapping[str, Any]
    ) -> None:
        """Take the message as the task's answer."""
        listeners.disarm(instance, listener.id)
        token.internal_data["results"] = dict(payload)
        token.data.update(payload)
        instance.finish(token)

    def caught(self, instance: "Instance", token: "Token") -> None:
        """Take a message that came before the task: by a gateway, or by a start."""
        payload = token.internal_data.pop("payload", {})
        instance.began(token)
        token.internal_data["results"] = payload
        token.data.update(payload)
        instance.finish(token)


class ScriptTask(JobTask):
    """Evaluates a FEEL expression; never any other language."""

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.script: Any = None

    def work(self, instance: "Instance", token: "Token") -> None:
        """Evaluate the script; without one pass, or open a job where an operation stands."""
        if self.operation is not None:
            super().work(instance, token)
            return
        if self.script is not None:
            value = instance.evaluate(self.script, token)
            self.give(token, value)
        instance.finish(token)

    def give(self, token: "Token", value: Any) -> None:
        """Keep a result under the name that the model gives it."""
        if self.result_name:
            token.internal_data["results"] = {self.result_name: value}
            token.data[self.result_name] = value

    def settle(self, instance: "Instance", token: "Token") -> None:
        """Bring the result out."""
        if self.operation is not None:
            super().settle(instance, token)
        elif self.mapping_out:
            listeners.settle(instance, token)
        else:
            self.publish(instance, token, self.results(token).items())


class BusinessRuleTask(ScriptTask):
    """Takes a decision from a table that was deployed together with the process."""

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.decision: Any = None
        """Expression of the decision's id."""

    def work(self, instance: "Instance", token: "Token") -> None:
        """Evaluate the decision and report which rules matched."""
        if self.decision is None:
            super().work(instance, token)
            return
        decision = str(instance.evaluate(self.decision, token))
        values = variables.seen(token.scope, token)
        model = instance.process.decision_model(decision)
        result = model.evaluate(decision, values, instance.environment)
        value = feel.to_json(result.value)
        taken = DecisionTaken(
            self.bpmn_id,
            decision,
            {name: feel.to_json(one) for name, one in result.inputs.items()},
            value,
            tuple(match.rule_id for match in result.matched),
        )
        instance.step.decisions.append(taken)
        self.give(token, value)
        instance.finish(token)
