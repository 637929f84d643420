"""The shipped services keep the modelling rules, and law stands where it can be found."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from onething import catalog
from onething.catalog import Catalog
from onething.catalog.diagram import Diagram
from onething.catalog.rules.number_of_law import numbers

ROOT = catalog.shipped_root()
SOURCES = sorted((Path(__file__).resolve().parents[2] / "src").rglob("*.py"))
DIAGRAMS = sorted((ROOT / "bpmn").rglob("*.bpmn"))
WRITTEN_LIMIT = re.compile(r"""["'](?:WD|ND|PN)\(?\d+\)?["']""")
LAWFUL_WORDS = re.compile(r"[\d一二三四五六七八九十百]+(?:周岁|个工作日|个月|元)")
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


@pytest.mark.parametrize("code", Catalog().codes())
def test_a_shipped_service_breaks_no_modelling_rule(code):
    findings = catalog.check_service(Catalog(), code)

    assert [one for one in findings if one.severity == "error"] == []


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_diagram_holds_no_amount_age_or_limit(path):
    diagram = Diagram(path.name, path.read_bytes())
    texts = [text for node in diagram.nodes for text in node.expressions()]
    texts += [flow.condition for flow in diagram.flows]
    texts += [node.properties.get("limit", "") for node in diagram.nodes]
    texts += [
        one.text or ""
        for name in ("Duration", "Date", "Cycle")
        for one in diagram.root.iter(f"{{*}}time{name}")
    ]

    found = [number for text in texts for number in numbers(text)]

    assert found == []


def test_no_python_file_holds_a_limit_age_or_amount_of_law():
    found = [
        f"{path.name}: {text}"
        for path in SOURCES
        for text in STRING.findall(re.sub(r'"""(?:.|\n)*?"""', "", path.read_text("utf-8")))
        if WRITTEN_LIMIT.fullmatch(text) or LAWFUL_WORDS.search(text)
    ]

    assert found == []


def test_each_document_has_a_number_prefix_of_its_own():
    prefixes = Counter(
        template["prefix"]
        for path in sorted((ROOT / "bpmn").rglob("documents.toml"))
        for template in tomllib.loads(path.read_text("utf-8")).values()
        if "prefix" in template
    )

    shared = [prefix for prefix, count in prefixes.items() if count > 1]

    assert shared == []
