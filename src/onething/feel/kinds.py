"""Types of FEEL: what conforms to them and how values are fitted to parameters.

Source: DMN 1.5, 10.3.2.9 (conformance and implicit conversions).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from onething.feel.nodes import TypeNode
from onething.feel.temporal import Date, DateTime, Time
from onething.feel.values import UNSET, Function, Range, Value, kind


@dataclass(frozen=True, slots=True)
class Type:
    """A type: a basic kind, or a structure of types."""

    name: str
    """`Any`, a kind, `list`, `context`, `range`, `function`, or `?` for an unknown one."""
    arguments: tuple["Type", ...] = ()
    members: Mapping[str, "Type"] = field(default_factory=dict)
    result: "Type | None" = None
    allowed: Callable[[Value], bool] | None = None
    """Allowed values of an item definition."""


ANY: Final = Type("Any")
NULL: Final = Type("Null")
_KINDS: Final = frozenset(
    {
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "range",
        "function",
    }
)
_ALIASES: Final = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "null": "Null",
}


def resolve(node: TypeNode, types: Mapping[str, Type]) -> Type:
    """Return the type that a written type means; an unknown name has no values."""
    name = _ALIASES.get(node.name, node.name)
    if name in types:
        return types[name]
    if name not in _KINDS and name not in {"Any", "Null"}:
        return Type("?")
    return Type(
        name,
        tuple(resolve(part, types) for part in node.arguments),
        {key: resolve(part, types) for key, part in node.members},
        resolve(node.result, types) if node.result else None,
    )


def conforms(value: Value, expected: Type) -> bool:
    """Tell whether a value is of a type and among its allowed values."""
    if value is None:
        return expected.name in {"Any", "Null"}
    if expected.name == "Any":
        return _is_allowed(value, expected)
    return is_instance(value, expected) and _is_allowed(value, expected)


def is_instance(value: Value, expected: Type) -> bool:
    """Tell whether a value has the structure of a type, whatever values are allowed."""
    if value is None or expected.name == "Any":
        return value is not None or expected.name == "Null"
    return kind(value) == expected.name and _is_structured(value, expected)


def _is_allowed(value: Value, expected: Type) -> bool:
    return expected.allowed is None or expected.allowed(value)


def _is_structured(value: Value, expected: Type) -> bool:
    if isinstance(value, list) and expected.arguments:
        return all(_is_member(item, expected.arguments[0]) for item in value)
    if isinstance(value, Range) and expected.arguments:
        ends = [end for end in value[:2] if end is not UNSET and end is not None]
        return bool(ends) and all(conforms(end, expected.arguments[0]) for end in ends)
    if isinstance(value, Function):
        return _is_function(value, expected)
    if isinstance(value, dict):
        return all(
            key in value and _is_member(value[key], part) for key, part in expected.members.items()
        )
    return True


def _is_member(value: Value, expected: Type) -> bool:
    return value is None or conforms(value, expected)


def _is_function(value: Function, expected: Type) -> bool:
    if expected.result is None:
        return True
    if all(len(names) != len(expected.arguments) for names in value.signatures):
        return False
    # parameters are contravariant, the result is covariant
    declared = zip(expected.arguments, value.types or (), strict=False)
    if not all(is_subtype(wanted, own) for wanted, own in declared):
        return False
    if value.result is None or value.result == ANY:  # not declared: only a call can tell
        return True
    return is_subtype(value.result, expected.result)


def is_subtype(narrow: Type, wide: Type) -> bool:
    """Tell whether every value of one type is also of the other.

    Source: DMN 1.5, 10.3.2.9.2.
    """
    if wide.name == "Any" or narrow.name == "Null":
        return True
    if narrow.name != wide.name or len(narrow.arguments) != len(wide.arguments):
        return False
    if narrow.name == "function":
        pairs = zip(wide.arguments, narrow.arguments, strict=True)
        fits = all(is_subtype(own, other) for own, other in pairs)
        return fits and is_subtype(narrow.result or ANY, wide.result or ANY)
    pairs = zip(narrow.arguments, wide.arguments, strict=True)
    if not all(is_subtype(own, other) for own, other in pairs):
        return False
    return all(
        key in narrow.members and is_subtype(narrow.members[key], part)
        for key, part in wide.members.items()
    )


def fit(value: Value, expected: Type) -> Value:
    """Convert a value implicitly to a type; return UNSET when it does not fit.

    One value becomes a list of one, a list of one its value, a date its midnight in UTC.
    Source: DMN 1.5, 10.3.2.9.4.
    """
    if value is None or conforms(value, expected):
        return value
    if expected.name == "list":
        as_list = [value]
        return as_list if not isinstance(value, list) and conforms(as_list, expected) else UNSET
    if isinstance(value, list) and len(value) == 1:
        return value[0] if conforms(value[0], expected) else UNSET
    if expected.name == "date and time" and isinstance(value, Date):
        return DateTime(value, Time(0, 0, 0, 0, 0))
    return UNSET
