"""Gateways: how tokens split and join."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from onething.engine.runtime import joins, listeners
from onething.engine.specs.flow import Flow
from onething.engine.specs.node import Node

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.runtime.listener import Listener
    from onething.engine.runtime.scope import Scope
    from onething.engine.runtime.token import Token


class ExclusiveGateway(Node):
    """One flow is taken: the first whose condition holds. Source: BPMN 2.0 §13.4.3."""

    def choose(self, instance: "Instance", token: "Token") -> list[Flow]:
        """Return the first flow that holds, else the default; a sole plain flow is taken."""
        for flow in self.outgoing_flows:
            if flow.id != self.default_flow and instance.holds(flow.condition, token):
                return [flow]
        default = [flow for flow in self.outgoing_flows if flow.id == self.default_flow]
        return default or instance.no_flow(token)


class ParallelGateway(Node):
    """All flows in, all flows out; conditions are ignored. Source: BPMN 2.0 §13.4.1."""

    def arrive(self, instance: "Instance", scope: "Scope", flow: Flow) -> None:
        """Wait until each incoming flow has a token."""
        if len(self.incoming_flows) > 1:
            joins.arrive_parallel(instance, scope, self, flow)
        else:
            instance.new_token(scope, self)

    def choose(self, instance: "Instance", token: "Token") -> list[Flow]:  # noqa: ARG002 - face of Node
        """Return every outgoing flow."""
        return self.outgoing_flows


class InclusiveGateway(Node):
    """Every flow that holds is taken; joins wait for all that can come.

    Source: BPMN 2.0 §13.4.2.
    """

    joins_late = True

    @cached_property
    def upstream_nodes(self) -> dict[str, frozenset[str]]:
        """Incoming flows that each node can still reach."""
        return self.scope_spec.upstream(self.bpmn_id)

    def arrive(self, instance: "Instance", scope: "Scope", flow: Flow) -> None:
        """Wait until no token can come to an incoming flow that has none."""
        if len(self.incoming_flows) > 1:
            joins.count(scope, self.bpmn_id, flow.id)
        else:
            instance.new_token(scope, self)

    def release(self, instance: "Instance", scope: "Scope") -> bool:
        """Fire if nothing more can come; say whether it did."""
        used = list(scope.arrivals.get(self.bpmn_id, ()))
        if not used or joins.is_reachable(scope, self, used):
            return False
        joins.consume(scope, self.bpmn_id, used)
        instance.new_token(scope, self)
        return True

    def choose(self, instance: "Instance", token: "Token") -> list[Flow]:
        """Return every flow that holds, else the default."""
        taken = [
            flow
            for flow in self.outgoing_flows
            if flow.id != self.default_flow and instance.holds(flow.condition, token)
        ]
        default = [flow for flow in self.outgoing_flows if flow.id == self.default_flow]
        return taken or default or instance.no_flow(token)


class ComplexGateway(Node):
    """Fires when its activation condition holds, then waits for its reset.

    Source: BPMN 2.0 §13.4.5.
    """

    joins_late = True

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.activation: Any = None

    @cached_property
    def upstream_nodes(self) -> dict[str, frozenset[str]]:
        """Incoming flows that each node can still reach."""
        return self.scope_spec.upstream(self.bpmn_id)

    def arrive(self, instance: "Instance", scope: "Scope", flow: Flow) -> None:
        """Count the token; ask the activation condition unless a reset is due."""
        arrived = joins.count(scope, self.bpmn_id, flow.id)
        if self.bpmn_id in scope.reset or not self._activates(instance, scope, arrived):
            return
        used = list(arrived)
        joins.consume(scope, self.bpmn_id, used)
        if len(self.incoming_flows) > 1:
            scope.reset[self.bpmn_id] = used
        self._send(instance, scope, is_start=True)

    def _activates(self, instance: "Instance", scope: "Scope", arrived: dict[str, int]) -> bool:
        if self.activation is None:
            return len(arrived) == len(self.incoming_flows)
        extra = {"activationCount": sum(arrived.values())}
        return instance.holds_in(self.activation, scope, extra)

    def release(self, instance: "Instance", scope: "Scope") -> bool:
        """Reset when no token can come to a flow that was not yet used."""
        done = scope.reset.get(self.bpmn_id)
        if done is None:
            return False
        waiting = list(scope.arrivals.get(self.bpmn_id, ()))
        used = list(dict.fromkeys([*done, *waiting]))
        if len(used) < len(self.incoming_flows) and joins.is_reachable(scope, self, used):
            return False
        del scope.reset[self.bpmn_id]
        late = [flow for flow in waiting if flow not in done]
        if waiting:
            joins.consume(scope, self.bpmn_id, late or [])
        if late:
            self._send(instance, scope, is_start=False)
        instance.check_empty(scope)
        return True

    def _send(self, instance: "Instance", scope: "Scope", *, is_start: bool) -> None:
        token = instance.new_token(scope, self)
        token.internal_data["start"] = is_start

    def choose(self, instance: "Instance", token: "Token") -> list[Flow]:
        """Return the flows that hold; at a reset plain flows are not taken again."""
        is_start = token.internal_data.get("start", True)
        extra = {"waitingForStart": is_start}
        taken = [
            flow
            for flow in self.outgoing_flows
            if flow.id != self.default_flow
            and (is_start or flow.condition is not None)
            and instance.holds(flow.condition, token, extra)
        ]
        if taken or not is_start:
            return taken
        default = [flow for flow in self.outgoing_flows if flow.id == self.default_flow]
        return default or instance.no_flow(token)


class EventGateway(Node):
    """The event that happens first decides. Source: BPMN 2.0 §13.4.4."""

    is_gateway = True

    def __init__(self, scope: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(scope, bpmn_id, **attributes)
        self.instantiate = False
        self.parallel = False

    def perform(self, instance: "Instance", token: "Token") -> None:
        """Wait for every event behind the gateway."""
        listeners.disarm_all(instance, token)
        instance.began(token)
        skip = token.internal_data.get("skip")
        for flow in self.outgoing_flows:
            target = self.scope_spec.nodes[flow.target]
            if flow.target != skip:
                for part, definition in enumerate(target.definitions):
                    listeners.arm(instance, definition, token, target.bpmn_id, part)
        instance.wait(token)

    def triggered(
        self,
        instance: "Instance",
        token: "Token",
        listener: "Listener",
        payload: Mapping[str, Any],
    ) -> None:
        """Take the flow to the event that happened and let that event end."""
        flow = next(one for one in self.outgoing_flows if one.target == listener.node)
        scope = token.scope
        instance.take(scope, flow)
        caught = instance.new_token(scope, self.scope_spec.nodes[flow.target])
        caught.phase = "caught"
        caught.internal_data["payload"] = dict(payload)
        instance.depart(token, [])
