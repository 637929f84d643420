"""The node spec: what every flow node of a diagram has and does by default."""

from collections.abc import Mapping as Properties
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from onething.engine.runtime import compensation
from onething.engine.specs.flow import Flow, Mapping

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.runtime.listener import Listener
    from onething.engine.runtime.scope import Scope
    from onething.engine.runtime.token import Token
    from onething.engine.specs.process import ScopeSpec


class Node(BpmnSpecMixin):
    """A flow node: passes its token on by itself unless a subclass waits.

    A token lives through the phases `enter` (it arrived), `perform` (the work
    begins) and `leave` (the work is done). A phase that fails is tried again by the
    command Retry, so each may run twice.
    """

    def __init__(self, scope: "ScopeSpec", bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, inputs=[], outputs=[], data={}, **attributes)
        self.scope_spec = scope
        self.line: int | None = None
        self.incoming_flows: list[Flow] = []
        self.outgoing_flows: list[Flow] = []
        self.default_flow: str | None = None
        self.properties: Properties[str, Any] = {}
        self.mapping_in: tuple[Mapping, ...] = ()
        self.mapping_out: tuple[Mapping, ...] = ()
        self.boundaries: list[Any] = []
        """Boundary events attached to this node."""
        self.handler: str | None = None
        """Id of the compensation handler attached to this node."""
        self.is_handler = False

    @property
    def attached_to(self) -> str | None:
        """Id of the activity that a boundary event sits on; None for other nodes."""
        return None

    @property
    def is_activity(self) -> bool:
        """Whether boundary events, loops and compensation may be attached."""
        return False

    is_event_subprocess = False
    is_gateway = False
    """Whether the node is an event-based gateway."""
    completion_quantity = 1
    joins_late = False
    """Whether tokens wait here until no other can come."""
    throws_signal = False
    catches_link: str | None = None
    throws_link: str | None = None

    @property
    def begins_scope(self) -> bool:
        """Whether a token begins here in a scope without start event."""
        return not self.incoming_flows and not self.is_handler and not self.is_event_subprocess

    def arrive(self, instance: "Instance", scope: "Scope", flow: Flow) -> None:  # noqa: ARG002 - joins need the flow
        """Take what comes over a flow: a new token, unless the node joins."""
        instance.new_token(scope, self)

    def undo(self, instance: "Instance", token: "Token") -> None:
        """Run the compensation handlers that a token was given."""
        instance.wait(token)
        compensation.proceed(instance, token)

    def enter(self, instance: "Instance", token: "Token") -> None:
        """Take an arrived token; by default go straight to the work."""
        token.phase = "perform"
        self.perform(instance, token)

    def perform(self, instance: "Instance", token: "Token") -> None:
        """Begin the work; by default there is none."""
        instance.began(token)
        instance.finish(token)

    def leave(self, instance: "Instance", token: "Token") -> None:
        """End the token here and put tokens on the flows that are taken."""
        flows = self.choose(instance, token)
        instance.depart(token, flows)

    def choose(self, instance: "Instance", token: "Token") -> list[Flow]:
        """Return the flows that a token takes: implicit split.

        Unconditional flows are all taken, conditional ones when true; the default
        flow when no conditional one is. Source: BPMN 2.0 §13.2.1, §8.3.13.
        """
        if not self.has_conditions:
            return self.outgoing_flows
        taken = [
            flow
            for flow in self.outgoing_flows
            if flow.id != self.default_flow and instance.holds(flow.condition, token)
        ]
        if taken and any(flow.condition is not None for flow in taken):
            return taken
        if self.default_flow is not None:
            return [*taken, *(f for f in self.outgoing_flows if f.id == self.default_flow)]
        return taken or instance.no_flow(token)

    @property
    def has_conditions(self) -> bool:
        """Whether any outgoing flow has a condition or is the default."""
        return self.default_flow is not None or any(
            flow.condition is not None for flow in self.outgoing_flows
        )

    def triggered(
        self,
        instance: "Instance",
        token: "Token",
        listener: "Listener",
        payload: Properties[str, Any],
    ) -> None:
        """React to something that a token of this node waited for."""
        node = token.scope.spec.nodes[listener.node]
        node.fire(instance, token, listener, payload)

    def cancelled(self, instance: "Instance", token: "Token") -> None:
        """Clear up what the node keeps beside the token when that is cancelled."""
