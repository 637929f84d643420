"""Event definitions: what an event waits for or throws."""

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition

from onething import feel
from onething.engine import timing
from onething.engine.runtime import variables
from onething.engine.runtime.listener import Kind, Listener
from onething.errors import ExpressionError

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.runtime.scope import Scope
    from onething.engine.runtime.token import Token


class Definition(EventDefinition):
    """An event definition; a subclass waits, throws, or is looked up by its code."""

    waits_for: Kind | None = None
    """Kind of listener while the event waits; None where handlers are looked up."""
    kind = ""

    def __init__(self, name: str = "") -> None:
        super().__init__(name, None)

    # EventDefinition compares by value and thereby loses its hash.
    __hash__ = object.__hash__

    def prepare(
        self, instance: "Instance", listener: Listener, scope: "Scope", token: "Token | None"
    ) -> None:
        """Fill a listener with what is waited for."""


class Message(Definition):
    """A message, correlated by name and key. Source: BPMN 2.0 §10.5.5."""

    waits_for: Kind | None = "message"
    kind = "message"

    def __init__(self, name: str, title: Any, key: Any) -> None:
        super().__init__(name)
        self.title = title
        """Expression of the message's name."""
        self.key = key

    def prepare(
        self, instance: "Instance", listener: Listener, scope: "Scope", token: "Token | None"
    ) -> None:
        """Evaluate name and correlation key where the event waits."""
        listener.name = str(variables.evaluate(instance, self.title, scope, token))
        listener.key = self.key_in(instance, scope, token)

    def key_in(
        self,
        instance: "Instance",
        scope: "Scope",
        token: "Token | None",
        *,
        throws: bool = False,
    ) -> str | None:
        """Return the correlation key as text; None correlates by name alone.

        Who waits must know the key; who throws may leave it out. Raises ExpressionError.
        """
        if self.key is None:
            return None
        value = variables.evaluate(instance, self.key, scope, token)
        if value is None and throws:
            return None
        if value is None or isinstance(value, bool | list | dict):
            raise ExpressionError(
                f"the correlation key of {self.name} is {value!r}, no text or number"
            )
        return key_text(value)


def key_text(value: Any) -> str:
    """Return a correlation key as text: numbers by their plain digits."""
    return value if isinstance(value, str) else feel.canonical(value).decode()


class Signal(Definition):
    """A signal, broadcast by name. Source: BPMN 2.0 §10.5.5."""

    waits_for: Kind | None = "signal"
    kind = "signal"

    def __init__(self, name: str, title: Any) -> None:
        super().__init__(name)
        self.title = title

    def prepare(
        self, instance: "Instance", listener: Listener, scope: "Scope", token: "Token | None"
    ) -> None:
        """Evaluate the signal's name where the event waits."""
        listener.name = str(variables.evaluate(instance, self.title, scope, token))


class Timer(Definition):
    """A date, a duration, a cycle or a legal period."""

    waits_for: Kind | None = "timer"
    kind = "timer"

    def __init__(self, expression: Any) -> None:
        super().__init__(expression.text)
        self.expression = expression

    def prepare(
        self, instance: "Instance", listener: Listener, scope: "Scope", token: "Token | None"
    ) -> None:
        """Evaluate the expression and count from the instant of the step."""
        value = variables.evaluate(instance, self.expression, scope, token)
        listener.name = timing.spoken(value, self.name)
        first = timing.first(listener.name, instance.context)
        listener.due, listener.left = timing.text(first.at), first.left
        listener.value = first.provisional


class Condition(Definition):
    """A condition over the variables. Source: BPMN 2.0 §10.5.4."""

    waits_for: Kind | None = "condition"
    kind = "conditional"

    def __init__(self, expression: Any) -> None:
        super().__init__(expression.text)
        self.expression = expression

    def holds(self, instance: "Instance", scope: "Scope", token: "Token | None") -> bool:
        """Say whether the condition is true now."""
        return variables.evaluate(instance, self.expression, scope, token) is True


class Coded(Definition):
    """An error or escalation; without a code it catches every one."""

    def __init__(self, kind: str, code: str | None) -> None:
        super().__init__(code or "")
        self.kind = kind
        self.code = code


class Link(Definition):
    """A jump inside one scope. Source: BPMN 2.0 §10.5.5 (link)."""

    kind = "link"


class Compensate(Definition):
    """Undo one activity, or all of the scope."""

    kind = "compensation"

    def __init__(self, activity: str | None, *, waits: bool) -> None:
        super().__init__(activity or "")
        self.activity = activity
        self.waits = waits


class Cancel(Definition):
    """Cancel the transaction around. Source: BPMN 2.0 §10.5.6 (cancel)."""

    kind = "cancel"


class Terminate(Definition):
    """End everything in the scope at once."""

    kind = "terminate"
