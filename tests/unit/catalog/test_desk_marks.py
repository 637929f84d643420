"""Marks for the clerks' desk: what is unknown there, or too much for a batch, is refused."""

import json

import pytest
from lxml import etree

from onething import catalog
from onething.catalog.diagram import parsed

ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@pytest.fixture
def marked(tmp_path):
    """Give a new package whose first task bears a mark; return what the rule finds."""

    def found(name: str, value: str, more: int = 0, on: str = "userTask") -> list[str]:
        catalog.new(tmp_path, "first-service", "第一件事")
        form = tmp_path / "forms/first-service/review.form"
        asked = json.loads(form.read_text("utf-8"))
        asked["components"] += [
            {"type": "textfield", "id": f"m{at}", "key": f"m{at}", "label": "字"}
            for at in range(more)
        ]
        form.write_text(json.dumps(asked), "utf-8")
        file = tmp_path / "bpmn/first-service/first-service.bpmn"
        tree = parsed(file.read_bytes())
        node = next(tree.iter(f"{BPMN}{on}"))
        properties = next(node.iter(f"{ZEEBE}properties"), None)
        if properties is None:
            extension = etree.Element(f"{BPMN}extensionElements")
            node.insert(0, extension)
            properties = etree.SubElement(extension, f"{ZEEBE}properties")
        mark = {"name": f"onething:{name}", "value": value}
        etree.SubElement(properties, f"{ZEEBE}property", mark)
        file.write_bytes(etree.tostring(tree))
        findings = catalog.check([file.parent], catalog.Catalog())
        return [one.message for one in findings if one.rule == "desk-marks"]

    return found


@pytest.mark.parametrize(("name", "value"), [("undo", "none"), ("batch", "true")])
def test_what_the_desk_knows_passes(marked, name, value):
    assert marked(name, value) == []


@pytest.mark.parametrize("name", ["undo", "batch"])
def test_what_the_desk_does_not_know_is_refused(marked, name):
    assert marked(name, "maybe") == [f"onething:{name} is maybe"]


def test_a_form_of_many_fields_is_no_batch(marked):
    assert marked("batch", "true", 3) == ["its form is too much for a batch"]


@pytest.mark.parametrize("name", ["undo", "batch"])
def test_a_mark_on_anything_but_a_user_task_is_refused(marked, name):
    assert marked(name, "none", on="endEvent") == [f"onething:{name} is not on a user task"]
