"""Pieces that every kind of compiled code uses.

`Compile` turns a node into code; `guarded` makes the standard's null of an operation
without value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from onething.feel.arithmetic import FAILURES
from onething.feel.environment import Code, Scope
from onething.feel.kinds import Type
from onething.feel.nodes import Node, Tests
from onething.feel.unparser import excerpt
from onething.feel.values import Function, Value


@dataclass(frozen=True, slots=True)
class Names:
    """What a compilation knows from outside: built-in functions and named types."""

    functions: Mapping[str, Function]
    types: Mapping[str, Type] = field(default_factory=dict)


class Compile:
    """Compiles nodes by a table of handlers, one for each class of nodes."""

    def __init__(self, handlers: Mapping[type, Callable[..., Code]], names: Names) -> None:
        self._handlers = handlers
        self.names = names

    def __call__(self, node: Node | Tests) -> Code:
        """Return the code of a node."""
        return self._handlers[type(node)](self, node)


def guarded(operation: Callable[[Scope], Value], node: Node) -> Code:
    """Return code that gives null with a warning when the operation has no value."""

    def code(scope: Scope) -> Value:
        try:
            return operation(scope)
        except FAILURES as failure:
            warn(scope, reason(failure), node)
            return None

    return code


def warn(scope: Scope, why: str, node: Node) -> None:
    """Record why a part of an expression gave null, with that part as it is written."""
    if scope.run.may_warn():
        scope.run.warn(f"{why}: {excerpt(node)}")


def reason(failure: Exception) -> str:
    """Return the sentence that says why something has no value."""
    return (
        str(failure)
        if failure.args and isinstance(failure.args[0], str)
        else (f"the number has no value ({type(failure).__name__})")
    )
