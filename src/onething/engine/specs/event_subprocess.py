"""The event sub-process: it waits on behalf of the scope that it lies in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from onething.engine.runtime import listeners
from onething.engine.runtime.scope import Scope
from onething.engine.specs.activities import SubProcess

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.runtime.listener import Listener
    from onething.engine.runtime.token import Token


class EventSubProcess(SubProcess):
    """A sub-process that an event starts inside its scope. Source: BPMN 2.0 §10.3.5.1."""

    is_event_subprocess = True
    start: Any = None
    """Its start event."""

    def definition_at(self, part: int) -> Any:
        """Return a definition of the start event."""
        return self.start.definitions[part]

    def arm(self, instance: "Instance", scope: Scope) -> None:
        """Begin to wait on behalf of a scope."""
        for part, definition in enumerate(self.start.definitions):
            listeners.arm(instance, definition, scope, self.bpmn_id, part)

    def catches(self, kind: str, code: str | None) -> bool:
        """Say whether the start event catches this very code."""
        return bool(self.start.catches(kind, code))

    def fire(
        self, instance: "Instance", scope: Scope, listener: "Listener", payload: Mapping[str, Any]
    ) -> None:
        """Start because what was waited for has happened; a cycle is set again."""
        if self.start.needs_all:
            listeners.disarm(instance, listener.id)
            if any(instance.listeners[one].node == self.bpmn_id for one in scope.listeners):
                return
        elif not self.start.interrupting:
            listeners.repeat(instance, listener)
        self.start_in(instance, scope, payload)

    def handle(
        self,
        instance: "Instance",
        scope: Scope,
        kind: str,
        _code: str | None,
        payload: Mapping[str, Any],
    ) -> None:
        """Start because an error or escalation was caught; errors always interrupt."""
        self.start_in(instance, scope, payload, always=kind == "error")

    def start_in(
        self,
        instance: "Instance",
        scope: Scope,
        payload: Mapping[str, Any],
        *,
        always: bool = False,
    ) -> None:
        """Put a token on the sub-process; what interrupts ends everything beside it."""
        token = instance.new_token(scope, self)
        token.phase = "perform"
        token.internal_data["payload"] = dict(payload)
        if self.start.interrupting or always:
            scope.disarmed = True
            instance.disarm_scope(scope)
            instance.clear(scope, keep=token)

    def work(self, instance: "Instance", token: "Token") -> None:
        """Open the inside; its start event has happened already."""
        scope = instance.open_scope(self.inner, token)
        instance.wait(token)
        start = instance.new_token(scope, self.start)
        start.phase = "caught"
        start.internal_data["payload"] = token.internal_data.pop("payload", {})
