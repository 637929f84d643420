"""What is checked of the forms that an application is compiled of."""

import json

from onething.catalog.rules import (
    asked_once,
    form_conflict,
    guide_questions,
    item_form,
    service_parts,
)
from onething.catalog.subject import Subject
from onething.definitions import Package

TOP = """
code = "move"
name = "搬家"
life_stage = "置业"
process = "move"
application = "application"
lanes = [{ name = "window", department = "window" }]
"""
ELEMENTS = """
[elements.person]
name = { name = "姓名", name_en = "Name", type = "string", classification = "personal" }
"""


def field(key: str, **more) -> dict:
    return {"id": f"field-{key}", "type": "textfield", "key": key, "label": key, **more}


def form(*fields: dict) -> bytes:
    return json.dumps({"id": "form", "schemaVersion": 19, "components": fields}).encode()


def item(name: str, elements: list[str], condition: str = "") -> str:
    said = {"id": name, "name": name, "department": "window", "type_code": "20", "form": name}
    said |= {"elements": elements, "legal_basis": ["none: a test"], "core": True}
    said |= {"condition": condition} if condition else {}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    return "\n".join(["[[items]]", *lines])


def subject(*items: str, **forms: bytes) -> Subject:
    files = {f"forms/move/{name}.form": content for name, content in forms.items()}
    manifest = "\n".join([TOP, *items]).encode()
    files |= {"bpmn/move/service.toml": manifest, "forms/_elements.toml": ELEMENTS.encode()}
    return Subject(Package("move", files))


def told(rule, judged: Subject) -> list[str]:
    return [one.message for one in rule.check(judged)]


def test_two_items_that_ask_in_different_ways_are_told_with_both_places():
    judged = subject(
        item("one", ["name"]),
        item("two", ["name"]),
        application=form(),
        one=form(field("name")),
        two=form(field("name", label="other")),
    )

    (fault,) = form_conflict.check(judged)
    assert (fault.file, fault.element) == ("forms/move/two.form", "field-name")
    assert "forms/move/one.form" in fault.message
    assert told(asked_once, judged) == []  # told once


def test_an_element_under_two_paths_is_told():
    named = {"properties": {"element": "person.name"}}
    judged = subject(
        item("one", []),
        application=form(field("name", **named), field("called", **named)),
        one=form(),
    )

    assert told(asked_once, judged) == ["name and called are bound to one element"]


def test_an_element_of_two_people_is_asked_of_each():
    named = {"properties": {"element": "person.name"}}
    judged = subject(
        item("one", []),
        application=form(field("a.name", **named), field("b.name", **named)),
        one=form(),
    )

    assert told(asked_once, judged) == []


def test_an_item_that_asks_for_what_its_clerks_may_not_see_is_refused():
    judged = subject(
        item("one", ["name", "home"]),
        application=form(),
        one=form(field("name"), field("home.street"), field("income")),
    )

    assert told(item_form, judged) == ["one asks for income, which its clerks may not see"]


def test_a_condition_over_what_only_the_item_asks_is_refused():
    judged = subject(
        item("one", ["want"], "=want = true"),
        item("two", ["kind"], '=kind = "x"'),
        application=form(field("kind")),
        one=form(field("want")),
        two=form(field("kind")),
    )

    assert told(item_form, judged) == ["the condition reads want, which only the item itself asks"]


def test_a_form_that_is_not_there_is_told_by_its_item():
    judged = subject(item("one", []), application=form())

    judged.processes = frozenset({"move"})  # no diagrams are here to be read

    assert "there is no form one" in told(service_parts, judged)
    assert told(item_form, judged) == told(form_conflict, judged) == told(asked_once, judged) == []


def test_the_guide_asks_only_choices_that_the_application_asks():
    choice = {"type": "radio", "values": [{"label": "a", "value": "a"}]}
    rule = '[guide]\nquestions = ["kind", "name", "other"]'
    judged = subject(
        item("one", ["name", "kind"]),
        rule,
        application=form(),
        one=form(field("name"), field("kind", **choice)),
    )

    messages = told(guide_questions, judged)

    assert len(messages) == 2
    assert "name is no choice" in messages[0]
    assert "does not ask for other" in messages[1]
