"""The syntax tree of FEEL: one small class a construct.

Source: DMN 1.5, 10.3.1.2.
"""

from dataclasses import dataclass
from typing import Literal

from onething.feel.environment import Code
from onething.feel.values import Value


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: number, string, boolean, null, `@"…"`."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or function by name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list literal."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ContextOf:
    """A context literal: entries see the entries before them."""

    entries: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    """An interval; a missing end has no bound."""

    start: "Node | None"
    end: "Node | None"
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """A unary comparison such as `< 5` where it is no plain range: `!= 5`."""

    operator: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and an operator: arithmetic or comparison."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Junction:
    """A conjunction or disjunction of two or more operands."""

    operator: Literal["and", "or"]
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Negate:
    """Unary minus."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Between:
    """`value between low and high`."""

    value: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class In:
    """`value in tests`."""

    value: "Node"
    tests: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`value instance of type`."""

    value: "Node"
    type: "TypeNode"


@dataclass(frozen=True, slots=True)
class Path:
    """`value.name`."""

    value: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`value[condition or index]`."""

    value: "Node"
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function called by position (names empty) or by names."""

    function: "Node"
    arguments: tuple["Node", ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class If:
    """`if condition then yes else no`."""

    condition: "Node"
    yes: "Node"
    no: "Node"


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in domain`, or `name in start..end` of a loop."""

    name: str
    domain: "Node"
    end: "Node | None" = None


@dataclass(frozen=True, slots=True)
class For:
    """`for iterators return result`."""

    iterators: tuple[Iterator, ...]
    result: "Node"


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some` or `every` … `satisfies`."""

    kind: Literal["some", "every"]
    iterators: tuple[Iterator, ...]
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Lambda:
    """`function(parameters) body`; an external body is no FEEL and gives null."""

    parameters: tuple[tuple[str, "TypeNode | None"], ...]
    body: "Node"
    external: bool = False


@dataclass(frozen=True, slots=True)
class Tests:
    """The unary tests of a table cell."""

    tests: tuple["Node", ...]
    negated: bool = False
    anything: bool = False
    """The cell is `-` or empty."""


@dataclass(frozen=True, slots=True)
class TypeNode:
    """A written type: `list<number>`, `context<a: string>`, `function<number> -> string`."""

    name: str
    arguments: tuple["TypeNode", ...] = ()
    members: tuple[tuple[str, "TypeNode"], ...] = ()
    result: "TypeNode | None" = None


@dataclass(frozen=True, slots=True)
class Embedded:
    """Code that was compiled elsewhere: a literal expression inside a boxed one, a table."""

    code: Code
    names: frozenset[str] = frozenset()
    """Names that the code takes from around it."""


Node = (
    Constant
    | Name
    | ListOf
    | ContextOf
    | RangeOf
    | Comparison
    | Binary
    | Junction
    | Negate
    | Between
    | In
    | InstanceOf
    | Path
    | Filter
    | Call
    | If
    | For
    | Quantified
    | Lambda
    | Embedded
)


def mentions(node: object, name: str) -> bool:
    """Tell whether a name stands anywhere in a tree."""
    if isinstance(node, Name):
        return node.name == name
    if isinstance(node, Embedded):
        return name in node.names
    if isinstance(node, tuple):
        return any(mentions(part, name) for part in node)
    if type(node).__module__ != __name__:
        return False
    return any(mentions(getattr(node, slot), name) for slot in type(node).__slots__)  # type: ignore[attr-defined] # every node has slots
