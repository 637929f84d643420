"""Forms that cannot be shown or checked are refused with the component's name."""

import json

import pytest
from tests.unit.forms.conftest import component

from onething.errors import ModelRefused
from onething.forms import parse


def rules(error):
    return {finding.rule for finding in error.value.findings}


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"type": "iframe", "url": "x"}, "form-component"),
        ({"type": "nonsense"}, "form-component"),
        ("text", "form-component"),
        (component("textfield"), "form-key"),
        (component("textfield", "a b"), "form-key"),
        (component("textfield", "a..b"), "form-key"),
        (component("dynamiclist"), "form-key"),
        (component("select", "a"), "form-options"),
        (component("textfield", "a", "person.nothing"), "form-element"),
        (component("textfield", "a", check="=1 +"), "form-expression"),
        (component("textfield", "a", conditional={"hide": "=((("}), "form-expression"),
        (component("textfield", "a", validate={"pattern": "("}), "form-pattern"),
        (component("number", "a", validate={"min": "few"}), "form-bound"),
        ({"type": "text", "text": "{{ 1 + }}"}, "form-expression"),
    ],
)
def test_what_cannot_be_shown_or_checked_is_refused(make, broken, rule):
    with pytest.raises(ModelRefused) as error:
        make(broken)

    assert rules(error) == {rule}


def test_a_path_is_asked_once(make):
    with pytest.raises(ModelRefused) as error:
        make(component("textfield", "a"), component("number", "a"))

    assert rules(error) == {"form-path-once"}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "nope", '{"components": 1}', "[" * 5000, b"\xff\xfe", "1" * 1_100_000]
)
def test_what_is_no_form_is_refused(text):
    with pytest.raises(ModelRefused):
        parse(text)


def test_a_newer_schema_is_refused():
    with pytest.raises(ModelRefused) as error:
        parse(json.dumps({"schemaVersion": 99, "components": []}))

    assert rules(error) == {"form-schema"}


def test_deep_nesting_is_refused():
    inner = {"type": "group", "components": []}
    for _ in range(50):
        inner = {"type": "group", "components": [inner]}

    with pytest.raises(ModelRefused) as error:
        parse(json.dumps({"components": [inner]}))

    assert rules(error) == {"form-depth"}


def test_buttons_are_left_to_the_page(make):
    assert make({"type": "button", "action": "submit", "label": "提交"}).components == ()


def test_fields_are_listed_with_their_whole_path(death):
    paths = [field.path for field in death.fields]

    assert paths[:2] == ["dead.name", "dead.idNo"]
    assert paths[-4:] == ["heirs", "heirs[].name", "heirs[].share", "heirs[].waives"]


def test_fields_without_an_element_are_named(make):
    findings = make(component("textfield", "a"), component("textfield", "b", "person.name"))

    assert [finding.message for finding in findings.unbound()] == [
        "the field “a” is bound to no data element"
    ]


def test_groups_with_a_path_are_contexts(make, env):
    form = make(component("group", "dead", components=[component("textfield", "name")]))

    assert form.submit({"dead": {"name": "张三"}}, env).data == {"dead": {"name": "张三"}}
