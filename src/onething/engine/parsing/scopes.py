"""Processes and sub-processes: nodes first, then flows, then what hangs on them."""

from typing import Any

from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser

from onething.engine.parsing import expressions
from onething.engine.parsing.findings import local
from onething.engine.parsing.references import Document, child, children, text_of
from onething.engine.specs.definitions import Compensate
from onething.engine.specs.flow import Flow
from onething.engine.specs.process import ScopeSpec

_REMEDY_FLOW = "Connect the flow to two nodes of the same process or sub-process."


class ScopeReader(ProcessParser):
    """Reads one process or sub-process into a spec, without recursion over its nodes."""

    def __init__(
        self, parser: Any, node: Any, document: Document, spec: ScopeSpec, lane: str | None = None
    ) -> None:
        self.document = document
        self.lanes: dict[str, str] = {}
        self._link_targets: dict[str, list[str]] = {}
        super().__init__(parser, node, None, {}, filename=document.name, lane=lane)
        self.spec = spec
        spec.line = node.sourceline

    def _index_process_nodes(self) -> None:
        """Index lanes only: the document has all ids, and flows are read in one pass."""
        for lane in self.node.iter("{*}lane"):
            for reference in children(lane, "flowNodeRef"):
                self.lanes[text_of(reference)] = lane.get("name") or lane.get("id") or ""

    def lane_of(self, node: str) -> str | None:
        """Return the lane of a node: its own, else that of the sub-process around it."""
        return self.lanes.get(node, self.lane)

    def later(self, node: Any, activity: Any) -> None:
        """Plan to read the inside of a sub-process."""
        self.parser.plan(self, node, activity)

    def read(self) -> None:
        """Read every node and flow of the scope."""
        for element in children(self.node):
            self._node(element)
        for element in children(self.node, "sequenceFlow"):
            self._flow(element)
        for spec in self.spec.nodes.values():
            if spec.catches_link is not None:
                self._link_targets.setdefault(spec.catches_link, []).append(spec.bpmn_id)
        for spec in self.spec.nodes.values():
            self._settle(spec)
        for element in children(self.node, "association"):
            self._association(element)

    def _node(self, element: Any) -> None:
        reader, spec_class = self.parser.node_classes(element)
        if reader is None:
            return
        identifier = element.get("id")
        if not identifier:
            message = f"a {local(element)} has no id"
            self.refuse(element, "missing-id", message, "Give every flow node an id.")
        elif identifier not in self.spec.nodes:
            node = reader(self, spec_class, element, self.lane_of(identifier)).parse_node()
            if local(element) == "startEvent":
                self.spec.starts.append(node)

    def _flow(self, element: Any) -> None:
        ends = [self._end(element, name) for name in ("sourceRef", "targetRef")]
        if ends[0] is None or ends[1] is None:
            return
        source, target = ends
        identifier = (
            element.get("id") or f"{source.bpmn_id}->{target.bpmn_id}#{len(self.spec.flows)}"
        )
        text = text_of(child(element, "conditionExpression"))
        condition = expressions.formula(self.document, element, text)
        flow = Flow(identifier, source.bpmn_id, target.bpmn_id, condition)
        self.spec.flows[identifier] = flow
        source.outgoing_flows.append(flow)
        target.incoming_flows.append(flow)
        source.connect(target)

    def _end(self, element: Any, name: str) -> Any:
        reference = element.get(name) or ""
        found = self.spec.nodes.get(reference)
        if found is None and self.document.find(reference) is not None:
            message = f"{name} names {reference}, which is no flow node of the same scope"
            self.refuse(element, "flow-crosses-scope", message, _REMEDY_FLOW)
        elif found is None:
            message = f"there is no node with the id {reference!r} ({name})"
            self.refuse(element, "dangling-reference", message, _REMEDY_FLOW)
        return found

    def _settle(self, spec: Any) -> None:
        element = self.document.ids.get(spec.bpmn_id)
        default = spec.default_flow
        if default is not None and default not in {flow.id for flow in spec.outgoing_flows}:
            message = f"the default flow {default} is no outgoing flow of the node"
            self.refuse(element, "default-flow", message, "Name an outgoing flow.")
        if spec.attached_to is not None:
            self._attach(spec, element)
        if spec.throws_link is not None:
            self._link(spec, element)
        if spec.is_gateway:
            self._event_gateway(spec, element)

    def _attach(self, event: Any, element: Any) -> None:
        host = self.spec.nodes.get(event.attached_to)
        if host is None or not host.is_activity or host.is_event_subprocess:
            message = f"the boundary event sits on {event.attached_to!r}, which is no activity here"
            self.refuse(element, "boundary-attachment", message, "Attach it to an activity.")
            event.host_id = event.bpmn_id
        else:
            host.boundaries.append(event)

    def _link(self, event: Any, element: Any) -> None:
        name = event.throws_link
        targets = self._link_targets.get(name, [])
        if len(targets) == 1:
            self.spec.links[name] = targets[0]
            return
        message = f"the link {name!r} leads to {len(targets)} catching link events, not to one"
        self.refuse(element, "link-target", message, "Draw one catching link event of this name.")

    def _event_gateway(self, gateway: Any, element: Any) -> None:
        """Check what stands behind an event-based gateway. Source: BPMN 2.0 §10.6.6."""
        for flow in gateway.outgoing_flows:
            target = self.spec.nodes[flow.target]
            waits = [one for one in getattr(target, "definitions", ()) if one.waits_for is not None]
            if not waits or target.attached_to is not None:
                message = f"{flow.target} behind the event-based gateway waits for no event"
                remedy = "Let a catching event or a receive task with a message follow."
                self.refuse(element, "event-gateway-target", message, remedy)
            elif len(target.incoming_flows) > 1:
                message = f"{flow.target} behind the event-based gateway has other incoming flows"
                remedy = "Let only the gateway lead to the event."
                self.refuse(element, "event-gateway-target", message, remedy)
            elif flow.condition is not None:
                message = f"the flow {flow.id} behind the event-based gateway has a condition"
                self.refuse(element, "event-gateway-flow", message, "Remove the condition.")

    def _association(self, element: Any) -> None:
        """Connect a compensation boundary event with its handler, whichever way it is drawn."""
        ends = [
            self.spec.nodes.get((element.get(name) or "").rpartition(":")[2])
            for name in ("sourceRef", "targetRef")
        ]
        for event, handler in (ends, reversed(ends)):
            if event is None or handler is None or event.attached_to is None:
                continue
            if (
                any(isinstance(one, Compensate) for one in event.definitions)
                and handler.is_activity
            ):
                self.spec.nodes[event.attached_to].handler = handler.bpmn_id
                handler.is_handler = True

    def refuse(self, element: Any, rule: str, message: str, remedy: str) -> None:
        """Note an error at an element of the scope."""
        self.document.findings.add(self.document.name, element, rule, message, remedy)
