"""Item definitions: the types of a model, with allowed values.

Source: DMN 1.5, 7.3.3 (ItemDefinition), 10.3.2.9.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from onething import feel
from onething.decisions.xml import Element, child, children, tag, text
from onething.errors import ExpressionError
from onething.feel import UnaryTests
from onething.feel.environment import Scope
from onething.feel.kinds import ANY, Type, fit
from onething.feel.kinds import resolve as resolve_written
from onething.feel.nodes import TypeNode
from onething.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from onething.feel.values import UNSET, Value, kind

_READERS: Final[Mapping[str, Callable[[str], Value]]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}
_NO_TYPES: Final = frozenset({"", "Any", "any", "<Undefined>", "Undefined"})
_NUMBERS: Final = frozenset({"integer", "long", "double", "decimal"})


class Types(dict[str, Type]):
    """The named types of a model and of what it imports."""

    def find(self, reference: str | None) -> Type:
        """Return the type that a `typeRef` names; what is unknown takes any value."""
        name = (reference or "").strip()
        for prefix in ("feel:", "feel."):
            name = name.removeprefix(prefix)
        if name in self:
            return self[name]
        if name.partition(":")[2] in self:  # DMN 1.1 writes types as qualified names
            return self[name.partition(":")[2]]
        if name in _NO_TYPES:
            return ANY
        found = resolve_written(TypeNode("number" if name in _NUMBERS else name), {})
        return ANY if found.name == "?" else found


def read_types(root: Element, imported: Mapping[str, Type]) -> Types:
    """Return the item definitions of a model, resolved in whatever order they stand."""
    types = Types(imported)
    waiting = {item.get("name", ""): item for item in children(root, "itemDefinition")}
    for name in list(waiting):
        _resolve(name, waiting, types)
    return types


def _resolve(name: str, waiting: dict[str, Element], types: Types) -> None:
    item = waiting.pop(name, None)
    if item is None:
        return
    for reference in _references(item):
        plain = reference.partition(":")[2] or reference
        _resolve(plain if plain in waiting else reference, waiting, types)
    types[name] = _read(item, types)


def _references(item: Element) -> Iterator[str]:
    for node in item.iter():
        if tag(node) == "typeRef" and node.text:
            yield node.text.strip()
        for attribute in ("typeRef", "outputTypeRef"):
            if node.get(attribute):
                yield node.get(attribute, "").strip()


def _read(item: Element, types: Types) -> Type:
    is_collection = item.get("isCollection") == "true"
    # allowed values hold each item of a collection, a constraint the collection as a whole
    constraint = _tests(item, "typeConstraint")
    allowed = _tests(item, "allowedValues")
    if not is_collection:
        allowed = _both(allowed, constraint)
    function = child(item, "functionItem")
    components = children(item, "itemComponent")
    if function is not None:
        own = _function_type(function, types)
    elif components:
        members = {part.get("name", ""): _read(part, types) for part in components}
        own = Type("context", members=members, allowed=allowed)
    else:
        own = _constrained(types.find(_type_ref(item)), allowed)
    return Type("list", (own,), allowed=constraint) if is_collection else own


def _type_ref(item: Element) -> str:
    written = child(item, "typeRef")
    return (written.text or "") if written is not None else item.get("typeRef", "")


def _function_type(function: Element, types: Types) -> Type:
    parameters = tuple(
        types.find(parameter.get("typeRef")) for parameter in children(function, "parameters")
    )
    return Type("function", parameters, result=types.find(function.get("outputTypeRef")))


@dataclass(frozen=True, slots=True)
class AllowedValues:
    """The unary tests that a value of a type passes, all of them."""

    tests: tuple[UnaryTests, ...]

    def __call__(self, value: Value) -> bool:
        """Tell whether a value is allowed."""
        return all(tests.matches_alone(value) for tests in self.tests)


def allowed_tests(of: Type) -> tuple[UnaryTests, ...]:
    """Return the tests of a type's allowed values, none when it allows every value."""
    return of.allowed.tests if isinstance(of.allowed, AllowedValues) else ()


def _both(one: AllowedValues | None, other: AllowedValues | None) -> AllowedValues | None:
    if one is None or other is None:
        return one or other
    return AllowedValues((*one.tests, *other.tests))


def _constrained(base: Type, allowed: AllowedValues | None) -> Type:
    own = base.allowed if isinstance(base.allowed, AllowedValues) else None
    return replace(base, allowed=_both(own, allowed))


def _tests(item: Element, name: str) -> AllowedValues | None:
    written = text(child(item, name))
    if not written:
        return None
    try:
        return AllowedValues((feel.compile_unary(written),))
    except ExpressionError:
        return None


def coerce(value: Value, expected: Type, scope: Scope, what: str) -> Value:
    """Fit a value to a type; null with a warning when it does not fit."""
    fits = fit(value, expected)
    if fits is UNSET:
        scope.run.warn(f"{what}: {kind(value)} is no {expected.name} as declared")
        return None
    return fits


def take_input(value: Value, expected: Type) -> Value:
    """Read dates, times and durations out of the ISO texts that variables hold."""
    if isinstance(value, str) and expected.name in _READERS:
        read = _READERS[expected.name](value)
        return value if read is None else read
    if isinstance(value, list) and expected.name == "list" and expected.arguments:
        return [take_input(item, expected.arguments[0]) for item in value]
    if isinstance(value, dict) and expected.members:
        return {
            key: take_input(item, expected.members.get(key, ANY)) for key, item in value.items()
        }
    return value
