"""Good models with something broken in them deploy cleanly or are refused cleanly."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from onething import catalog, engine
from onething.catalog.diagram import parsed

TESTS = Path(__file__).resolve().parents[1]
SHIPPED = catalog.shipped_root() / "bpmn"
MODELS = [*sorted(TESTS.glob("engine/*.bpmn")), *sorted(SHIPPED.rglob("*.bpmn"))]
VALUES = ["", "x", "s", "true", "-1", "9" * 5000, "=", "= 1 +", "a:b", "P1D", "##x", "\n", "家"]
CHANGES = ["drop", "repeat", "rename", "move", "text", "attribute", "attribute", "attribute"]


@st.composite
def broken(draw):
    """Draw a good model with one to four changes, and perhaps its end cut off."""
    root = parsed(draw(st.sampled_from(MODELS)).read_bytes())
    for _ in range(draw(st.integers(1, 4))):
        elements = [one for one in root.iter("*") if one is not root]
        if elements:
            _change(draw, draw(st.sampled_from(elements)), draw(st.sampled_from(elements)))
    data = etree.tostring(root)
    end = draw(st.one_of(st.just(len(data)), st.integers(0, len(data))))
    return data[:end]


def _change(draw, element, other):
    parent, change = element.getparent(), draw(st.sampled_from(CHANGES))
    names = sorted(element.keys())
    if change == "drop":
        parent.remove(element)
    elif change == "repeat":
        parent.append(parsed(etree.tostring(element)))
    elif change == "rename":
        element.tag = other.tag
    elif change == "move" and element not in other.iterancestors() and element is not other:
        other.append(element)
    elif change == "text":
        element.text = draw(st.sampled_from(VALUES))
    elif names:
        _change_attribute(draw, element, other, draw(st.sampled_from(names)))


def _change_attribute(draw, element, other, name):
    kind = draw(st.sampled_from(["set", "unset", "swap", "misspell"]))
    if kind == "set":
        element.set(name, draw(st.sampled_from(VALUES)))
    elif kind == "swap":
        element.set(name, other.get("id") or "")
    else:
        kept = element.attrib.pop(name)
        if kind == "misspell" and not name.startswith("{"):
            element.set(name[::-1], kept)


def judge(data):
    """Check a file; what has no error must compile, and every error must tell what to do."""
    findings = catalog.check_files({"x.bpmn": data})
    errors = [one for one in findings if one.severity == "error"]
    assert all(one.rule and one.message and one.remedy for one in errors)
    if not errors:
        engine.compile(engine.Bundle({"x.bpmn": data}))


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(broken())
def test_a_broken_model_deploys_cleanly_or_is_refused_cleanly(data):
    judge(data)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(broken())
def test_many_broken_models_deploy_cleanly_or_are_refused_cleanly(data):
    judge(data)
