"""Built-in functions that make numbers, strings and ranges of other values.

Source: DMN 1.5, 10.3.4.1.
"""

import re
from decimal import Decimal
from typing import Final

from onething.errors import ExpressionError
from onething.feel.compiled_scopes import invoke
from onething.feel.environment import Run
from onething.feel.library.registry import BUILTINS, builtin
from onething.feel.nodes import Call, Constant, Name, Negate, Node, RangeOf
from onething.feel.parser import parse
from onething.feel.values import DECIMAL, UNSET, NoValue, Range, Value, order, text_of, weigh

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SEPARATORS: Final = frozenset({" ", ",", "."})
_NESTING: Final = 20
_NO_START: Final = re.compile(r"\s*[(\]]\s*\.\.")
_NO_END: Final = re.compile(r"\.\.\s*[)\[]\s*$")
"""A range literal without bound has an open bracket there. Source: DMN 1.5, rule 66."""


@builtin("number(from: string)")
def _number(text: str) -> Decimal:
    return _read_number(text)


@builtin("number(from: number)")
def _number_of(value: Decimal) -> Decimal:
    return value


@builtin("number(from: string, grouping separator: string|null, decimal separator: string|null)")
def _number_with_separators(text: str, grouping: str | None, decimal: str | None) -> Decimal:
    if grouping not in _SEPARATORS | {None} or decimal not in {".", ",", None}:
        raise NoValue("the separators are a blank, a comma or a period")
    if grouping is not None and grouping == decimal:
        raise NoValue("the separators are the same")
    plain = text.replace(grouping, "") if grouping else text
    return _read_number(plain.replace(decimal, ".") if decimal else plain)


def _read_number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise NoValue(f"{text} is no number")
    return DECIMAL.create_decimal(text)


@builtin("string(from: any)")
def _string(value: Value) -> str | None:
    weigh(value)
    return None if value is None else text_of(value)


@builtin("range(from: string)", needs_run=True)
def _range(run: Run, text: str) -> Range:
    has_start, has_end = not _NO_START.match(text), not _NO_END.search(text)
    whole = text if has_start else _NO_START.sub("(null..", text)
    whole = whole if has_end else _NO_END.sub("..null)", whole)
    node = _range_node(whole) if has_start or has_end else None
    if node is None:
        raise NoValue(f"{text} is no range")
    start = _endpoint(run, node.start) if has_start else UNSET
    end = _endpoint(run, node.end) if has_end else UNSET
    if start is not UNSET and end is not UNSET:
        place = order(start, end)
        if place is None or place > 0:
            raise NoValue("the ends of the range are not in order")
    return Range(start, end, node.start_included, node.end_included)


def _range_node(text: str) -> RangeOf | None:
    try:
        node, _ = parse(text, (), BUILTINS, _NESTING)
    except ExpressionError:
        return None
    return node if isinstance(node, RangeOf) else None


def _endpoint(run: Run, node: Node | None) -> Value:
    """Return the value of a literal end; anything else is no range literal."""
    if node is None:
        return UNSET
    if isinstance(node, Constant) and node.value is not None:
        return node.value
    if isinstance(node, Negate) and isinstance(node.operand, Constant):
        return -node.operand.value
    if isinstance(node, Call) and isinstance(node.function, Name):
        arguments = [_endpoint(run, argument) for argument in node.arguments]
        return invoke(BUILTINS[node.function.name], arguments, node.names, run)
    raise NoValue("the ends of a range are literals")
