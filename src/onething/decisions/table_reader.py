"""Read decision tables.

Source: DMN 1.5, 8.3 (DecisionTable, InputClause, OutputClause, DecisionRule).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from onething import feel
from onething.decisions.cells import constant, is_constant
from onething.decisions.item_types import allowed_tests
from onething.decisions.tables import AGGREGATIONS, HIT_POLICIES, Input, Output, Rule, Table
from onething.decisions.xml import Element, child, children, text
from onething.feel import nodes
from onething.feel.kinds import ANY, Type
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
    element = column if expression is None else expression
    if not written:
        reader.find(column, owner, "dmn-input", "the input column has no expression")
    declared = reader.types.find(element.get("typeRef"))
    asked = (reader.expression(written, element, owner) if written else None) or _NULL
    values = text(child(column, "inputValues"))
    allowed = reader.tests(values, column, owner) if values else None
    own = (allowed,) if allowed is not None else ()
    inferred = _type_of(reader, asked.tree)
    return Input(
        written or column.get("label", ""),
        asked.evaluate_in,
        declared,
        allowed,
        (*own, *(allowed_tests(declared) or allowed_tests(inferred))),
        (inferred if declared == ANY else declared).name,
    )


def _type_of(reader: "Reader", tree: Node) -> Type:
    """Return the declared type of a variable, or of a member of one, that an input names."""
    if isinstance(tree, nodes.Name):
        return reader.variables.get(tree.name, ANY)
    if isinstance(tree, nodes.Path):
        return _type_of(reader, tree.value).members.get(tree.name, ANY)
    return ANY


def _output(reader: "Reader", column: Element, owner: str) -> Output:
    values = text(child(column, "outputValues"))
    default = child(column, "defaultOutputEntry")
    declared = reader.types.find(column.get("typeRef"))
    listed = reader.expression(f"[{values}]", column, owner) if values else None
    allowed = _constants(listed) if listed is not None else _named_values(declared)
    return Output(
        column.get("name") or column.get("label") or "",
        declared,
        listed.evaluate_in if listed is not None else None,
        reader.text_code(text(default), column, owner) if default is not None else None,
        allowed,
    )


def _constants(listed: feel.Expression) -> list[Value] | None:
    """Return the output values in the order of their priority, where all are constants."""
    if not isinstance(listed.tree, nodes.ListOf):
        return None
    return _all_constants(listed.tree.items, listed.free_names)


def _named_values(declared: Type) -> list[Value] | None:
    """Return the values that a type allows one by one."""
    for tests in allowed_tests(declared):
        if not tests.tree.anything and not tests.tree.negated:
            return _all_constants(tests.tree.tests, tests.free_names)
    return None


def _all_constants(written: Sequence[Node], names: frozenset[str]) -> list[Value] | None:
    values = [constant(one, names) for one in written]
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
