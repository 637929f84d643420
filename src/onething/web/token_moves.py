"""From where and to where an operator may move a token of a case, by name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from onething.definitions import Definition
from onething.engine import ActivityInfo
from onething.runtime import Place
from onething.web.wording import worded


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a diagram to choose."""

    id: str
    text: str
    """Its name; with its id where the name does not tell it from another one."""
    scope: str
    """The process or sub-process that holds it: a token stays inside."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A running process or sub-process with the nodes at which a token may begin."""

    key: str
    name: str
    nodes: list[Node]


def standing_nodes(definition: Definition, places: Sequence[Place]) -> list[Node]:
    """Return the nodes at which tokens stand, in the order of the places."""
    known = {Place(one.process, one.id): one for one in _activities(definition, places)}
    return _nodes(definition, [known[place] for place in places if place in known])


def running_scopes(definition: Definition, places: Sequence[Place]) -> list[Scope]:
    """Return the scopes in which tokens stand, deepest first, with what can be entered there."""
    every = _activities(definition, places)
    standing = {Place(one.process, one.id): one.scope for one in every}
    running = dict.fromkeys(standing[place] for place in reversed(places) if place in standing)
    return [_scope(definition, key, every) for key in running]


def _scope(definition: Definition, key: str, every: list[ActivityInfo]) -> Scope:
    inside = [one for one in every if one.scope == key and one.is_enterable]
    name = worded(definition.process.scope_name(key) or key, definition)
    return Scope(key, name, _nodes(definition, inside))


def _activities(definition: Definition, places: Sequence[Place]) -> list[ActivityInfo]:
    processes = dict.fromkeys(place.process for place in places)
    return [
        one
        for process in processes
        if process in definition.process.process_ids
        for one in definition.process.activities(process)
    ]


def _nodes(definition: Definition, found: list[ActivityInfo]) -> list[Node]:
    names = [worded(one.name, definition) for one in found]
    often = Counter(names)
    return [
        Node(one.id, name if often[name] == 1 else f"{name} ({one.id})", one.scope)
        for one, name in zip(found, names, strict=True)
    ]
