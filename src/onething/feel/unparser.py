"""Write a syntax tree as FEEL again, with no more brackets than it needs.

`parse` of the text gives the same tree, as long as no known name holds the operators and
keywords between two others. Source: DMN 1.5, 10.3.1.2.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from onething.feel import nodes
from onething.feel.nodes import Node, TypeNode
from onething.feel.tokens import tokenize
from onething.feel.values import number_text, text_of

_OPEN: Final = 0
"""Binding of what reaches as far to the right as it can: `if`, `for`, functions."""
_BINDING: Final[Mapping[str, int]] = {
    "or": 10, "and": 20, **dict.fromkeys(("<", "<=", ">", ">=", "=", "!="), 30),
    "+": 40, "-": 40, "*": 50, "/": 50, "**": 60,
}  # fmt: skip
_TYPED: Final = 25
"""A type takes `<` and `.` for its own, so `instance of` stands in brackets before them."""
_COMPARING: Final = 30
_NEGATED: Final = 70
_POSTFIX: Final = 90
_PRIMARY: Final = 100
_MOST_DIGITS: Final = 40


def unparse(node: Node | nodes.Tests) -> str:
    """Return the text of a tree; code that was compiled elsewhere is written `…`."""
    return _WRITERS[type(node)](node)[0]


def excerpt(node: Node, most: int = 60) -> str:
    """Return the text of a tree for a message, its end cut off where it is long."""
    text = unparse(node)
    return text if len(text) <= most else f"{text[: most - 1]}…"


Written = tuple[str, int]
"""A text with the binding of its outermost operator."""


def _at_least(node: Node, binding: int) -> str:
    """Write an operand, in brackets where it binds less tightly."""
    text, own = _WRITERS[type(node)](node)
    return text if own >= binding else f"({text})"


def _constant(node: nodes.Constant) -> Written:
    value = node.value
    if value is None or isinstance(value, (str, bool)):
        return text_of(value, quoted=True), _PRIMARY
    if not isinstance(value, (int, Decimal)):
        return f'@"{value}"', _PRIMARY
    plain = number_text(value)
    text = plain if len(plain) <= _MOST_DIGITS else str(value)
    return text, _NEGATED  # in brackets before a dot and, where it is negative, before others


def _name(node: nodes.Name) -> Written:
    return node.name, _PRIMARY


def _list(node: nodes.ListOf) -> Written:
    return f"[{', '.join(_test(item) for item in node.items)}]", _PRIMARY


def _context(node: nodes.ContextOf) -> Written:
    entries = (f"{_key(key)}: {unparse(entry)}" for key, entry in node.entries)
    return "{" + ", ".join(entries) + "}", _PRIMARY


def _key(key: str) -> str:
    """Write a key as the words it is made of, anything else as a text."""
    quoted = text_of(key, quoted=True)
    if '"' in key or not key:
        return quoted
    words = tokenize(key)[:-1]
    plain = " ".join(word.text for word in words) == key
    return key if plain and all(word.kind == "word" for word in words) else quoted


def _range(node: nodes.RangeOf) -> Written:
    if node.start is None and node.end is not None:
        operator = "<=" if node.end_included else "<"
        return f"({operator} {_at_least(node.end, _COMPARING + 1)})", _PRIMARY
    if node.end is None and node.start is not None:
        operator = ">=" if node.start_included else ">"
        return f"({operator} {_at_least(node.start, _COMPARING + 1)})", _PRIMARY
    opening = "[" if node.start_included else "("
    closing = "]" if node.end_included else ")"
    return f"{opening}{_end(node.start)}..{_end(node.end)}{closing}", _PRIMARY


def _end(node: Node | None) -> str:
    if node is None:
        return ""
    plain = isinstance(node, (nodes.Constant, nodes.Name, nodes.Call))
    return unparse(node) if plain else f"({unparse(node)})"


def _comparison(node: nodes.Comparison) -> Written:
    return f"({_test(node)})", _PRIMARY


def _test(node: Node) -> str:
    """Write one test where a comparison with nothing on its left may stand."""
    if isinstance(node, nodes.Comparison):
        return f"{node.operator} {_at_least(node.operand, _COMPARING + 1)}"
    text = unparse(node)
    is_open = isinstance(node, nodes.RangeOf) and (node.start is None or node.end is None)
    return text[1:-1] if is_open else text


def _binary(node: nodes.Binary) -> Written:
    own = _BINDING[node.operator]
    left, right = _at_least(node.left, own), _at_least(node.right, own + 1)
    return f"{left} {node.operator} {right}", own


def _junction(node: nodes.Junction) -> Written:
    own = _BINDING[node.operator]
    return f" {node.operator} ".join(_at_least(part, own + 1) for part in node.operands), own


def _negate(node: nodes.Negate) -> Written:
    return f"-{_at_least(node.operand, _POSTFIX)}", _NEGATED


def _between(node: nodes.Between) -> Written:
    value = _at_least(node.value, _COMPARING)
    low, high = _at_least(node.low, _COMPARING + 1), _at_least(node.high, _COMPARING + 1)
    return f"{value} between {low} and {high}", _COMPARING


def _in(node: nodes.In) -> Written:
    tests = ", ".join(map(_test, node.tests))
    return f"{_at_least(node.value, _COMPARING)} in ({tests})", _COMPARING


def _instance_of(node: nodes.InstanceOf) -> Written:
    return f"{_at_least(node.value, _POSTFIX)} instance of {_type(node.type)}", _TYPED


def _type(node: TypeNode) -> str:
    inside = ", ".join(map(_type, node.arguments))
    if node.result is not None:
        return f"{node.name}<{inside}> -> {_type(node.result)}"
    if node.members:
        inside = ", ".join(f"{_key(key)}: {_type(part)}" for key, part in node.members)
    return f"{node.name}<{inside}>" if inside else node.name


def _path(node: nodes.Path) -> Written:
    return f"{_at_least(node.value, _POSTFIX)}.{node.name}", _POSTFIX


def _filter(node: nodes.Filter) -> Written:
    return f"{_at_least(node.value, _POSTFIX)}[{unparse(node.condition)}]", _POSTFIX


def _call(node: nodes.Call) -> Written:
    arguments = [unparse(argument) for argument in node.arguments]
    if node.names:
        pairs = zip(node.names, arguments, strict=True)
        arguments = [f"{name}: {argument}" for name, argument in pairs]
    return f"{_at_least(node.function, _POSTFIX)}({', '.join(arguments)})", _POSTFIX


def _if(node: nodes.If) -> Written:
    condition, yes, no = map(unparse, (node.condition, node.yes, node.no))
    return f"if {condition} then {yes} else {no}", _OPEN


def _iterators(iterators: tuple[nodes.Iterator, ...]) -> str:
    return ", ".join(
        f"{one.name} in {_end(one.domain)}..{_end(one.end)}"
        if one.end is not None
        else f"{one.name} in {_at_least(one.domain, _OPEN + 1)}"
        for one in iterators
    )


def _for(node: nodes.For) -> Written:
    return f"for {_iterators(node.iterators)} return {unparse(node.result)}", _OPEN


def _quantified(node: nodes.Quantified) -> Written:
    rounds = _iterators(node.iterators)
    return f"{node.kind} {rounds} satisfies {unparse(node.condition)}", _OPEN


def _lambda(node: nodes.Lambda) -> Written:
    parameters = (f"{name}: {_type(kind)}" if kind else name for name, kind in node.parameters)
    external = "external " if node.external else ""
    return f"function({', '.join(parameters)}) {external}{unparse(node.body)}", _OPEN


def _tests(node: nodes.Tests) -> Written:
    if node.anything:
        return "-", _OPEN
    tests = ", ".join(map(_test, node.tests))
    if node.negated:
        return f"not({tests})", _OPEN
    is_call = len(node.tests) == 1 and tests.startswith("not(") and tests.endswith(")")
    return f"({tests})" if is_call else tests, _OPEN  # else it would negate tests


def _embedded(_: nodes.Embedded) -> Written:
    return "…", _PRIMARY


_WRITERS: Final[Mapping[type, Callable[..., Written]]] = {
    nodes.Constant: _constant,
    nodes.Name: _name,
    nodes.ListOf: _list,
    nodes.ContextOf: _context,
    nodes.RangeOf: _range,
    nodes.Comparison: _comparison,
    nodes.Binary: _binary,
    nodes.Junction: _junction,
    nodes.Negate: _negate,
    nodes.Between: _between,
    nodes.In: _in,
    nodes.InstanceOf: _instance_of,
    nodes.Path: _path,
    nodes.Filter: _filter,
    nodes.Call: _call,
    nodes.If: _if,
    nodes.For: _for,
    nodes.Quantified: _quantified,
    nodes.Lambda: _lambda,
    nodes.Tests: _tests,
    nodes.Embedded: _embedded,
}
