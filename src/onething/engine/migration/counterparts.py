"""Counterparts: which node of the new version stands for which node of the old one."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from onething.engine.process import Process
from onething.engine.specs.process import ScopeSpec

DROPPED = ""
"""In a mapping: whatever waits there is let go."""


class Counterparts:
    """Two versions of a bundle and the ids that differ between them; equal ids need no line.

    A sub-process is found by its place: each id on the way to it is mapped in its turn.
    """

    def __init__(self, old: Process, new: Process, mapping: Mapping[str, str]) -> None:
        self.old = old
        self.new = new
        self.mapping = dict(mapping)
        self._upstream: dict[tuple[ScopeSpec, str], dict[str, frozenset[str]]] = {}

    def name(self, identifier: str) -> str:
        """Return the new id for an old one; an empty text lets go what waits there."""
        return self.mapping.get(identifier, identifier)

    def scope_key(self, key: str) -> str:
        """Return the new key of a process or sub-process."""
        return "/".join(map(self.name, key.split("/")))

    def scope(self, spec: ScopeSpec) -> ScopeSpec | None:
        """Return the process or sub-process that stands for an old one, or None."""
        return self.new.scopes.get(self.scope_key(spec.key))

    def node(self, spec: Any) -> Any:
        """Return the node that stands for an old one in the same scope, or None."""
        scope = self.scope(spec.scope_spec)
        return None if scope is None else scope.nodes.get(self.name(spec.bpmn_id))

    def flow(self, spec: Any, flow: str) -> str | None:
        """Return the incoming flow that stands for one of an old node, or None.

        A flow is known by its id, else by its two ends: editors draw flows anew.
        """
        node = self.node(spec)
        if node is None or not flow:
            return None if node is None else flow
        found = [one.id for one in node.incoming_flows if one.id == self.name(flow)]
        if not found:
            source = self.name(spec.scope_spec.flows[flow].source)
            found = [one.id for one in node.incoming_flows if one.source == source]
        return found[0] if len(found) == 1 else None

    def origin(self, old_scope: ScopeSpec, node: str) -> Any:
        """Return the old node that a new one of the same scope stands for, or None."""
        return self._origins[old_scope.key].get(node)

    @cached_property
    def _origins(self) -> dict[str, dict[str, Any]]:
        return {
            key: {self.name(one): node for one, node in spec.nodes.items()}
            for key, spec in self.old.scopes.items()
        }

    def upstream(self, scope: ScopeSpec, gateway: str) -> dict[str, frozenset[str]]:
        """Return the incoming flows of a join that each node can reach; reckoned once."""
        key = (scope, gateway)
        if key not in self._upstream:
            self._upstream[key] = scope.upstream(gateway)
        return self._upstream[key]

    def faults(self) -> dict[str, str]:
        """Return what is wrong with the mapping itself: message by old id."""
        old, new = set(_ids(self.old)), set(_ids(self.new))
        found = {}
        for one, other in self.mapping.items():
            if one not in old:
                found[one] = "the old version has no such element"
            elif other != DROPPED and other not in new:
                found[one] = f"the new version has no element {other}"
        return found


def _ids(process: Process) -> Iterator[str]:
    for spec in process.scopes.values():
        yield from spec.key.split("/")
        yield from spec.nodes
        yield from spec.flows
