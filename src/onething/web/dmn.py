"""A decision table as rows and columns that a person reads.

Source: DMN 1.5, chapter 8: clauses, rules, hit policies.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from lxml import etree

from onething.definitions import Definition
from onething.web.wording import worded

_STRING = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class TableView:
    """One decision of a DMN file."""

    id: str
    name: str
    file: str
    hit_policy: str
    """In words; empty for a decision that is no table."""
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[tuple[str, ...], ...]
    """Cells by rule: inputs, outputs, annotation."""
    expression: str = ""
    """FEEL of a decision that is no table."""


def tables(definition: Definition) -> list[TableView]:
    """Return every decision of a deployment, by file."""
    return [
        view
        for path, data in sorted(definition.package.ending(".dmn").items())
        for view in _views(path, data, definition)
    ]


def _views(path: str, data: bytes, definition: Definition) -> Iterator[TableView]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(data, parser)
    for decision in root.iterfind("{*}decision"):
        yield _view(path, decision, definition)


def _view(path: str, decision: etree._Element, definition: Definition) -> TableView:
    table = decision.find("{*}decisionTable")
    identity = decision.get("id") or ""
    name = worded(decision.get("name") or identity, definition)
    if table is None:
        text = decision.find("{*}literalExpression/{*}text")
        said = (text.text or "") if text is not None else ""
        return TableView(identity, name, path, "", (), (), (), said)
    return TableView(
        id=identity,
        name=name,
        file=path,
        hit_policy=_policy(table.get("hitPolicy") or "UNIQUE", table.get("aggregation")),
        inputs=tuple(worded(_input(one), definition) for one in table.iterfind("{*}input")),
        outputs=tuple(
            worded(one.get("label") or one.get("name") or name, definition)
            for one in table.iterfind("{*}output")
        ),
        rules=tuple(_rule(one, definition) for one in table.iterfind("{*}rule")),
    )


def _policy(policy: str, aggregation: str | None) -> str:
    words = {
        "UNIQUE": _("唯一命中"),
        "FIRST": _("首条命中"),
        "ANY": _("任一命中（结果一致）"),
        "PRIORITY": _("按优先级命中"),
        "COLLECT": _("收集全部命中"),
        "RULE ORDER": _("按规则顺序收集"),
        "OUTPUT ORDER": _("按结果顺序收集"),
    }
    return str(words.get(policy, policy)) + (f" {aggregation}" if aggregation else "")


def _input(one: etree._Element) -> str:
    text = one.find("{*}inputExpression/{*}text")
    return one.get("label") or ((text.text or "") if text is not None else "")


def _rule(one: etree._Element, definition: Definition) -> tuple[str, ...]:
    cells = [_feel(cell, definition) or "—" for cell in one.iterfind("{*}inputEntry")]
    cells += [_feel(cell, definition) for cell in one.iterfind("{*}outputEntry")]
    annotation = one.find("{*}annotationEntry")
    note = annotation if annotation is not None else one.find("{*}description")
    said = "" if note is None else (_text(note) or note.text or "")
    return (*cells, worded(said.strip(), definition))


def _feel(cell: etree._Element, definition: Definition) -> str:
    """Return a cell's FEEL with the texts in it in the reader's language."""
    return _STRING.sub(lambda found: f'"{worded(found[1], definition)}"', _text(cell))


def _text(cell: etree._Element) -> str:
    text = cell.find("{*}text")
    said = (text.text or "").strip() if text is not None else ""
    return "" if said == "-" else said
