"""Boxed expressions: turn their XML into FEEL's own syntax tree.

Every form but the decision table has a FEEL equivalent, so one compiler serves both.
Source: DMN 1.5, 7.3 and chapter 10.2.2.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from onething import feel
from onething.decisions.item_types import Types, coerce
from onething.decisions.table_reader import read_table
from onething.decisions.tables import Table
from onething.decisions.xml import Element, child, children, tag, text
from onething.errors import ExpressionError, Finding
from onething.feel import nodes
from onething.feel.compiled import Names
from onething.feel.compiler import compile_node
from onething.feel.environment import Code, Run, Scope
from onething.feel.kinds import ANY, Type
from onething.feel.library import BUILTINS
from onething.feel.nodes import Node
from onething.feel.values import Value

_RESULT: Final = "\0result"
_PARTIAL: Final = frozenset({"partial"})
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(slots=True)
class Reader:
    """Reads the expressions of one model and gathers what is wrong with them."""

    file: str
    names: frozenset[str]
    """All names that may be met in the model's expressions."""
    types: Types
    variables: Mapping[str, Type] = field(default_factory=dict)
    """Declared types of the diagram's variables by name."""
    findings: list[Finding] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    """Decision tables as they are met."""

    def code(self, element: Element | None, owner: str) -> Code:
        """Return the code of a boxed expression; a missing one gives null."""
        if element is None:
            return _null
        return compile_node(self.node(element, owner), Names(BUILTINS, self.types))

    def node(self, element: Element, owner: str) -> Node:
        """Return the syntax tree of a boxed expression."""
        read = _FORMS.get(tag(element))
        if read is None:
            self.find(element, owner, "dmn-expression", f"{tag(element)} is no known expression")
            return nodes.Constant(None)
        return self.typed(read(self, element, owner), element, owner)

    def typed(self, node: Node, element: Element, owner: str) -> Node:
        """Hold a node to the type that its element declares."""
        expected = self.types.find(element.get("typeRef"))
        if expected == ANY:
            return node
        code = compile_node(node, Names(BUILTINS, self.types))

        def typed_code(scope: Scope) -> Value:
            return coerce(code(scope), expected, scope, owner)

        return nodes.Embedded(typed_code, _PARTIAL if nodes.mentions(node, "partial") else _NOTHING)

    def find(self, element: Element, owner: str, rule: str, message: str) -> None:
        """Note a finding at an element."""
        line = element.sourceline if isinstance(element.sourceline, int) else None
        place = element.get("id") or owner
        remedy = "correct it in the decision editor"
        self.findings.append(Finding(self.file, place, rule, message, remedy, line=line))

    def is_feel(self, element: Element, owner: str) -> bool:
        """Tell whether an element is written in FEEL; note a finding when it is not."""
        whole = element.getroottree().getroot().get("expressionLanguage")
        language = element.get("expressionLanguage") or whole or ""
        if not language or "feel" in language.lower():
            return True
        self.find(element, owner, "dmn-language", f"{language} is not FEEL")
        return False

    def expression(self, written: str, element: Element, owner: str) -> feel.Expression | None:
        """Compile an expression's text; note a finding when it is not FEEL."""
        if not self.is_feel(element, owner):
            return None
        try:
            return feel.compile(written, self.names, self.types)
        except ExpressionError as error:
            self.find(element, owner, "dmn-feel", f"{error.message}: {written[:200]}")
            return None

    def tests(self, written: str, element: Element, owner: str) -> feel.UnaryTests | None:
        """Compile unary tests; note a finding when they are not FEEL."""
        if not self.is_feel(element, owner):
            return None
        try:
            return feel.compile_unary(written, self.names, self.types)
        except ExpressionError as error:
            self.find(element, owner, "dmn-feel", f"{error.message}: {written[:200]}")
            return None

    def embedded(self, written: str, element: Element, owner: str) -> Node:
        """Return the node of an expression's text; nothing written is null."""
        expression = self.expression(written, element, owner) if written else None
        if expression is None:
            return nodes.Constant(None)
        return nodes.Embedded(expression.evaluate_in, expression.free_names)

    def text_code(self, written: str, element: Element, owner: str) -> Code:
        """Return the code of an expression's text."""
        return compile_node(self.embedded(written, element, owner), Names(BUILTINS))

    def inner(self, element: Element, name: str, owner: str) -> Node:
        """Return the expression inside the child of that name."""
        holder = child(element, name)
        inside = expression_of(holder) if holder is not None else None
        if inside is None:
            self.find(element, owner, "dmn-expression", f"{tag(element)} has no {name}")
            return nodes.Constant(None)
        return self.node(inside, owner)


def _null(_: Scope) -> Value:
    return None


def expression_of(element: Element) -> Element | None:
    """Return the boxed expression that stands inside an element."""
    return child(element, *_FORMS)


def _literal(reader: Reader, element: Element, owner: str) -> Node:
    return reader.embedded(text(element), element, owner)


def _context(reader: Reader, element: Element, owner: str) -> Node:
    entries: list[tuple[str, Node]] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        inside = expression_of(entry)
        name = _RESULT if variable is None else variable.get("name", "")
        node = nodes.Constant(None) if inside is None else reader.node(inside, owner)
        entries.append((name, node if variable is None else reader.typed(node, variable, name)))
    whole = nodes.ContextOf(tuple(entries))
    has_result = bool(entries) and entries[-1][0] == _RESULT
    return nodes.Path(whole, _RESULT) if has_result else whole


def _list(reader: Reader, element: Element, owner: str) -> Node:
    return nodes.ListOf(
        tuple(reader.node(item, owner) for item in children(element) if tag(item) in _FORMS)
    )


def _relation(reader: Reader, element: Element, owner: str) -> Node:
    columns = [column.get("name", "") for column in children(element, "column")]
    rows = []
    for row in children(element, "row"):
        cells = [reader.node(cell, owner) for cell in children(row) if tag(cell) in _FORMS]
        rows.append(nodes.ContextOf(tuple(zip(columns, cells, strict=False))))
    return nodes.ListOf(tuple(rows))


def _invocation(reader: Reader, element: Element, owner: str) -> Node:
    called = expression_of(element)
    if called is None:
        reader.find(element, owner, "dmn-invocation", "the invocation calls nothing")
        return nodes.Constant(None)
    names: list[str] = []
    arguments: list[Node] = []
    for binding in children(element, "binding"):
        parameter, value = child(binding, "parameter"), expression_of(binding)
        names.append(parameter.get("name", "") if parameter is not None else "")
        arguments.append(nodes.Constant(None) if value is None else reader.node(value, owner))
    return nodes.Call(reader.node(called, owner), tuple(arguments), tuple(names))


def _function(reader: Reader, element: Element, owner: str) -> Node:
    parameters = parameters_of(element)
    body = expression_of(element)
    outer, reader.names = reader.names, reader.names | {name for name, _ in parameters}
    inside = nodes.Constant(None) if body is None else reader.node(body, owner)
    reader.names = outer
    if element.get("kind", "FEEL") != "FEEL":
        reader.find(element, owner, "dmn-function", "only functions in FEEL are called")
        return nodes.Constant(None)
    types = tuple(reader.types.find(reference) for _, reference in parameters)
    names = tuple(name for name, _ in parameters)
    code = compile_node(inside, Names(BUILTINS, reader.types))

    def make(scope: Scope) -> Value:
        def call(run: Run, *arguments: Value) -> Value:
            return code(Scope(dict(zip(names, arguments, strict=True)), scope, run))

        return feel.Function("", (names,), call, types)

    return nodes.Embedded(make, _PARTIAL if nodes.mentions(inside, "partial") else _NOTHING)


def parameters_of(element: Element) -> list[tuple[str, str | None]]:
    """Return name and written type of a function's formal parameters."""
    return [
        (parameter.get("name", ""), parameter.get("typeRef"))
        for parameter in children(element, "formalParameter")
    ]


def _conditional(reader: Reader, element: Element, owner: str) -> Node:
    parts = (reader.inner(element, name, owner) for name in ("if", "then", "else"))
    return nodes.If(*parts)


def _filter(reader: Reader, element: Element, owner: str) -> Node:
    match = reader.inner(element, "match", owner)
    return nodes.Filter(reader.inner(element, "in", owner), match)


def _iterator(reader: Reader, element: Element, owner: str) -> tuple[nodes.Iterator, ...]:
    name = element.get("iteratorVariable", "")
    return (nodes.Iterator(name, reader.inner(element, "in", owner)),)


def _for(reader: Reader, element: Element, owner: str) -> Node:
    iterators = _iterator(reader, element, owner)
    return nodes.For(iterators, reader.inner(element, "return", owner))


def _some(reader: Reader, element: Element, owner: str) -> Node:
    iterators = _iterator(reader, element, owner)
    return nodes.Quantified("some", iterators, reader.inner(element, "satisfies", owner))


def _every(reader: Reader, element: Element, owner: str) -> Node:
    iterators = _iterator(reader, element, owner)
    return nodes.Quantified("every", iterators, reader.inner(element, "satisfies", owner))


Form = Callable[[Reader, Element, str], Node]
_FORMS: Final[Mapping[str, Form]] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _some,
    "every": _every,
    "decisionTable": read_table,
}
