"""Events: they begin, end, catch and throw."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from onething.engine.outcome import Thrown
from onething.engine.runtime import compensation, listeners, propagation
from onething.engine.specs.definitions import (
    Cancel,
    Coded,
    Compensate,
    Definition,
    Link,
    Message,
    Signal,
    Terminate,
    key_text,
)
from onething.engine.specs.node import Node

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.runtime.listener import Listener
    from onething.engine.runtime.token import Token


class Event(Node):
    """An event with none, one or several definitions."""

    allows: frozenset[str] = frozenset()
    """Kinds of definitions. Source: BPMN 2.0 table 10.93."""

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.definitions: list[Definition] = []
        self.needs_all = False
        """Parallel multiple: every definition must happen."""

    def definition_at(self, part: int) -> Any:
        """Return one of the event's definitions."""
        return self.definitions[part]

    def catches(self, kind: str, code: str | None) -> bool:
        """Say whether a definition catches this very code of errors or escalations."""
        return any(
            isinstance(one, Coded) and one.kind == kind and one.code == code
            for one in self.definitions
        )

    def caught(self, instance: "Instance", token: "Token") -> None:
        """Bring in what came with the event, and go on."""
        instance.began(token)
        listeners.merge(instance, token.scope, token, token.internal_data.pop("payload", {}))
        instance.finish(token)


class StartEvent(Event):
    """Where a process or sub-process begins."""

    allows = frozenset({"message", "timer", "conditional", "signal"})

    interrupting = True


class CatchEvent(Event):
    """An intermediate event that waits."""

    allows = frozenset({"message", "timer", "conditional", "signal", "link"})

    @property
    def catches_link(self) -> str | None:  # type: ignore[override]
        """Name of the link that leads here."""
        return next((one.name for one in self.definitions if isinstance(one, Link)), None)

    @property
    def begins_scope(self) -> bool:
        """A link target begins nothing by itself."""
        return super().begins_scope and self.catches_link is None

    def perform(self, instance: "Instance", token: "Token") -> None:
        """Wait for any definition, or for all; without one pass."""
        instance.began(token)
        if not self.definitions or self.catches_link is not None:
            instance.finish(token)
            return
        listeners.disarm_all(instance, token)
        for part, definition in enumerate(self.definitions):
            listeners.arm(instance, definition, token, self.bpmn_id, part)
        instance.wait(token)

    def fire(
        self, instance: "Instance", token: "Token", listener: "Listener", payload: Mapping[str, Any]
    ) -> None:
        """Take one happening; go on when that is enough."""
        listeners.disarm(instance, listener.id)
        if self.needs_all:
            token.internal_data.setdefault("payload", {}).update(payload)
            if token.listeners:
                return
        else:
            token.internal_data["payload"] = dict(payload)
            listeners.disarm_all(instance, token)
        token.phase = "caught"
        instance.ready(token)


class ThrowEvent(Event):
    """An intermediate event that throws, or a none event that only passes."""

    allows = frozenset({"message", "escalation", "compensation", "link", "signal"})

    @property
    def throws_link(self) -> str | None:  # type: ignore[override]
        """Name of the link that is jumped to."""
        return next((one.name for one in self.definitions if isinstance(one, Link)), None)

    @property
    def throws_signal(self) -> bool:  # type: ignore[override]
        """Whether what else can move should move first."""
        return any(isinstance(one, Signal) for one in self.definitions)

    def perform(self, instance: "Instance", token: "Token") -> None:
        """Throw everything the event defines, then pass."""
        instance.began(token)
        instance.map_in(token)
        waits = False
        for definition in self.definitions:
            waits = throw(instance, token, definition) or waits
            if token.id not in instance.tokens or instance.status != "active":
                return
        if not waits:
            instance.finish(token)

    def leave(self, instance: "Instance", token: "Token") -> None:
        """Go on over the flows, or jump to the link's target."""
        name = self.throws_link
        if name is None:
            super().leave(instance, token)
            return
        instance.new_token(token.scope, self.scope_spec.nodes[self.scope_spec.links[name]])
        instance.depart(token, [])


class EndEvent(ThrowEvent):
    """Where a path ends, maybe with a throw."""

    allows = frozenset(
        {"message", "error", "escalation", "cancel", "compensation", "signal", "terminate"}
    )

    def perform(self, instance: "Instance", token: "Token") -> None:
        """Throw, and end the path; some ends take the whole scope with them."""
        for definition in self.definitions:
            if isinstance(definition, Terminate):
                instance.began(token)
                instance.clear(token.scope, keep=token)
            elif isinstance(definition, Cancel):
                instance.began(token)
                self._cancel(instance, token)
                return
        super().perform(instance, token)

    def _cancel(self, instance: "Instance", token: "Token") -> None:
        """Cancel the transaction: stop it, undo it, leave over its cancel boundary.

        Source: BPMN 2.0 §13.5.3.
        """
        host = token.scope.host
        while host is not None and not host.spec.is_transaction:
            host = host.scope.host
        instance.mark(token)
        instance.ended(token)
        if host is None:
            instance.end("failed", "cancel")
            return
        host.spec.cancel(instance, host)


class BoundaryEvent(Event):
    """An event on the border of an activity."""

    allows = frozenset(
        {
            "message",
            "timer",
            "escalation",
            "error",
            "cancel",
            "compensation",
            "conditional",
            "signal",
        }
    )

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.host_id = ""
        self.interrupting = True

    @property
    def attached_to(self) -> str:
        """Id of the activity."""
        return self.host_id

    @property
    def begins_scope(self) -> bool:
        """A boundary event begins nothing by itself."""
        return False

    @property
    def is_compensation(self) -> bool:
        """Whether the event only names a compensation handler."""
        return any(isinstance(one, Compensate) for one in self.definitions)

    def fire(
        self, instance: "Instance", token: "Token", listener: "Listener", payload: Mapping[str, Any]
    ) -> None:
        """Leave the activity, or run beside it; a cycle is set again."""
        if self.needs_all and not self._complete(instance, token, listener):
            return
        if not self.interrupting:
            listeners.repeat(instance, listener)
        self.happen(instance, token, payload)

    def _complete(self, instance: "Instance", token: "Token", listener: "Listener") -> bool:
        listeners.disarm(instance, listener.id)
        left = [one for one in token.listeners if instance.listeners[one].node == self.bpmn_id]
        return not left

    def handle(
        self,
        instance: "Instance",
        token: "Token",
        _kind: str,
        _code: str | None,
        payload: Mapping[str, Any],
    ) -> None:
        """Take a caught error or escalation."""
        self.happen(instance, token, payload)

    def happen(self, instance: "Instance", token: "Token", payload: Mapping[str, Any]) -> None:
        """Put a token on the event; end the activity if the event interrupts."""
        # The new token comes first: the scope must not look empty in between.
        event = instance.new_token(token.scope, self)
        event.phase = "caught"
        event.internal_data["payload"] = dict(payload)
        if self.interrupting:
            instance.cancel_token(token)


def throw(instance: "Instance", token: "Token", definition: Definition) -> bool:
    """Throw one definition; say whether the token must wait for what follows."""
    payload = {key: value for key, value in token.data.items() if key != "correlationKey"}
    if isinstance(definition, Message):
        throw_message(instance, token, definition)
    elif isinstance(definition, Signal):
        name = str(instance.evaluate(definition.title, token))
        instance.step.thrown.append(Thrown("signal", name, None, payload, token.spec.bpmn_id))
        listeners.spread(instance, "signal", name, payload)
    elif isinstance(definition, Compensate):
        compensation.throw(instance, token, definition.activity, wait=definition.waits)
        return True
    elif isinstance(definition, Coded) and definition.kind == "error":
        instance.mark(token)
        instance.ended(token)
        propagation.throw_error(instance, token, definition.code, payload)
        return True
    elif isinstance(definition, Coded):
        propagation.throw_escalation(instance, token, definition.code, payload)
    return False


def throw_message(instance: "Instance", token: "Token", definition: Message) -> None:
    """Report a message for others; its key is the input `correlationKey`, else the model's."""
    payload = dict(token.data)
    given = payload.pop("correlationKey", None)
    if given is not None:
        key: str | None = key_text(given)
    else:
        key = definition.key_in(instance, token.scope, token, throws=True)
    name = str(instance.evaluate(definition.title, token))
    instance.step.thrown.append(Thrown("message", name, key, payload, token.spec.bpmn_id))
