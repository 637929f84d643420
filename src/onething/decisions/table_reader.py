"""Read decision tables.

Source: DMN 1.5, 8.3 (DecisionTable, InputClause, OutputClause, DecisionRule).
"""

from typing import TYPE_CHECKING, Final

from onething import feel
from onething.decisions.cells import constant, is_constant
from onething.decisions.tables import AGGREGATIONS, HIT_POLICIES, Input, Output, Rule, Table
from onething.decisions.xml import Element, child, children, text
from onething.feel import nodes
from onething.feel.nodes import Node
from onething.feel.values import Value

if TYPE_CHECKING:
    from onething.decisions.boxed import Reader

_PARTIAL: Final = frozenset({"partial"})
"""A cell may ask for the results of a loop that the table stands in."""
_NULL: Final = feel.compile("null")
_NEVER: Final = feel.compile_unary("not(? = ?)")


def read_table(reader: "Reader", element: Element, owner: str) -> Node:
    """Return the node of a decision table and note the table with its reader."""
    policy = _word(reader, element, owner, "hitPolicy", HIT_POLICIES) or "UNIQUE"
    aggregation = _word(reader, element, owner, "aggregation", AGGREGATIONS)
    inputs = [_input(reader, column, owner) for column in children(element, "input")]
    outputs = [_output(reader, column, owner) for column in children(element, "output")]
    if len({output.name for output in outputs}) < len(outputs):
        reader.find(element, owner, "dmn-output", "two outputs have the same name, or none")
    rules = [
        _rule(reader, row, owner, number)
        for number, row in enumerate(children(element, "rule"), start=1)
    ]
    for rule, row in zip(rules, children(element, "rule"), strict=True):
        if len(rule.tests) != len(inputs) or len(rule.outputs) != len(outputs):
            reader.find(row, owner, "dmn-rule", f"rule {rule.number} has not one cell a column")
            return nodes.Constant(None)
    line = element.sourceline if isinstance(element.sourceline, int) else None
    ident = element.get("id") or owner
    table = Table(owner, policy, aggregation, inputs, outputs, rules, ident, line)
    reader.tables.append(table)
    return nodes.Embedded(table.evaluate, _PARTIAL)


def _word(reader: "Reader", element: Element, owner: str, name: str, known: frozenset[str]) -> str:
    """Return an attribute that holds one of some words; note a finding for another one."""
    word = element.get(name, "")
    if word and word not in known:
        reader.find(element, owner, "dmn-hit-policy", f"{word} is no {name}")
        return ""
    return word


def _input(reader: "Reader", column: Element, owner: str) -> Input:
    expression = child(column, "inputExpression")
    written = text(expression)
    if not written:
        reader.find(column, owner, "dmn-input", "the input column has no expression")
    reference = expression.get("typeRef") if expression is not None else None
    allowed = text(child(column, "inputValues"))
    return Input(
        written or column.get("label", ""),
        reader.text_code(written, column if expression is None else expression, owner),
        reader.types.find(reference),
        reader.tests(allowed, column, owner) if allowed else None,
    )


def _output(reader: "Reader", column: Element, owner: str) -> Output:
    values = text(child(column, "outputValues"))
    default = child(column, "defaultOutputEntry")
    listed = reader.expression(f"[{values}]", column, owner) if values else None
    return Output(
        column.get("name") or column.get("label") or "",
        reader.types.find(column.get("typeRef")),
        listed.evaluate_in if listed is not None else None,
        reader.text_code(text(default), column, owner) if default is not None else None,
        _constants(listed),
    )


def _constants(listed: feel.Expression | None) -> list[Value] | None:
    """Return the output values in the order of their priority, where all are constants."""
    if listed is None or not isinstance(listed.tree, nodes.ListOf):
        return None
    values = [constant(item, listed.free_names) for item in listed.tree.items]
    return values if all(map(is_constant, values)) else None


def _rule(reader: "Reader", row: Element, owner: str, number: int) -> Rule:
    tests = [_cell(reader, cell, owner) for cell in children(row, "inputEntry")]
    cells = children(row, "outputEntry")
    outputs = [reader.expression(text(cell) or "null", cell, owner) or _NULL for cell in cells]
    return Rule(
        row.get("id") or f"rule {number}",
        number,
        tests,
        [output.evaluate_in for output in outputs],
        [constant(output.tree, output.free_names) for output in outputs],
    )


def _cell(reader: "Reader", cell: Element, owner: str) -> feel.UnaryTests:
    tests = reader.tests(text(cell), cell, owner)
    return tests if tests is not None else _NEVER
