"""The specs of what holds nodes: processes and sub-processes."""

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from onething.engine.specs.flow import Flow


class ScopeSpec(BpmnProcessSpec):
    """A process or a sub-process: nodes that share variables and joins."""

    def __init__(self, key: str, process: str, name: str, filename: str) -> None:
        super().__init__(name=key, description=name, filename=filename)
        # SpiffWorkflow adds nodes named Start and End of its own, which would collide
        # with diagrams that use these ids; nothing here runs through them.
        self.task_specs.clear()
        self.key = key
        self.process = process
        self.flows: dict[str, Flow] = {}
        self.starts: list[Any] = []
        self.event_subprocesses: list[Any] = []
        self.links: dict[str, str] = {}
        self.compensation_handler: Any = None
        """Event sub-process that compensates the scope as a whole."""
        self.called_process = False
        self.executable = True
        self.line: int | None = None

    @property
    def nodes(self) -> dict[str, Any]:
        """The nodes of this scope by BPMN id."""
        return self.task_specs  # type: ignore[no-any-return]

    @property
    def entry_nodes(self) -> list[Any]:
        """Nodes where a token begins when the scope starts by itself.

        The none start event, else every node without incoming flow.
        Source: BPMN 2.0 §10.4.2, §13.3.4.
        """
        plain = [node for node in self.starts if not node.definitions]
        if plain:
            return plain[:1]
        if self.starts:
            return []
        return [node for node in self.nodes.values() if node.begins_scope]

    @property
    def outside_starts(self) -> list[Any]:
        """Nodes that something from outside starts: events, receive tasks, gateway targets.

        Source: BPMN 2.0 §13.2.
        """
        found = [node for node in self.starts if node.definitions]
        for node in self.nodes.values():
            if not node.incoming_flows and getattr(node, "instantiate", False):
                targets = [self.nodes[flow.target] for flow in node.outgoing_flows]
                found.extend(targets or [node]) if node.is_gateway else found.append(node)
        return found

    def upstream(self, gateway: str) -> dict[str, frozenset[str]]:
        """Return per node the incoming flows of a gateway that it can still reach.

        Paths through the gateway itself do not count. Source: BPMN 2.0 §13.4.2.
        """
        reach: dict[str, set[str]] = {}
        for flow in self.nodes[gateway].incoming_flows:
            for node in self._behind(flow.source, gateway):
                reach.setdefault(node, set()).add(flow.id)
        return {node: frozenset(flows) for node, flows in reach.items()}

    def _behind(self, node: str, gateway: str) -> Iterable[str]:
        seen: set[str] = set()
        waiting = [node]
        while waiting:
            current = waiting.pop()
            if current in seen or current == gateway:
                continue
            seen.add(current)
            waiting.extend(self.predecessors(current))
        return seen

    def predecessors(self, node: str) -> list[str]:
        """Return the nodes from which a token can come to a node in one move."""
        spec = self.nodes[node]
        sources = [flow.source for flow in spec.incoming_flows]
        if spec.attached_to is not None:
            sources.append(spec.attached_to)
        sources.extend(self.link_sources(node))
        return sources

    def link_sources(self, node: str) -> list[str]:
        """Return the throwing link events that lead to a catching one."""
        name = self.nodes[node].catches_link
        if name is None:
            return []
        return [other.bpmn_id for other in self.nodes.values() if other.throws_link == name]
