"""Forms of several items, compiled into one that asks once."""

from datetime import UTC, datetime

import pytest

from onething import feel, forms
from onething.errors import ModelRefused
from onething.forms import Part

ENV = feel.Environment(now=datetime(2026, 3, 2, tzinfo=UTC))


def text(key: str, hide: str = "", **more) -> dict:
    hidden = {"conditional": {"hide": f"={hide}"}} if hide else {}
    return {"id": f"field-{key}", "type": "textfield", "key": key, "label": key, **hidden, **more}


def group(name: str, *inside: dict, hide: str = "") -> dict:
    hidden = {"conditional": {"hide": f"={hide}"}} if hide else {}
    return {"id": name, "type": "group", "label": name, "components": list(inside), **hidden}


def rows(path: str, *inside: dict) -> dict:
    return {"id": path, "type": "dynamiclist", "path": path, "components": list(inside)}


def part(name: str, *components: dict, condition: str = "") -> Part:
    form = {"id": name, "schemaVersion": 19, "components": list(components)}
    return Part(f"forms/{name}.form", form, condition, name)


def joined(*parts: Part) -> forms.Form:
    return forms.form_of(forms.compile_joint(parts))


def asked(form: forms.Form, **data) -> list[str]:
    """Return the names of what a page asks."""

    def walk(views) -> list[str]:
        shown = [one for one in views if not one.is_hidden]
        return [
            name
            for one in shown
            for name in (walk(one.children) if one.kind == "group" else [one.name])
        ]

    return walk(form.view(data, {}, ENV))


def errors(form: forms.Form, **data) -> set[str]:
    return set(form.submit(data, ENV).errors)


def test_a_value_that_two_items_want_is_asked_once():
    form = joined(part("one", text("name"), text("phone")), part("two", text("name"), text("note")))

    assert [one.path for one in form.fields] == ["name", "phone", "note"]


def test_fields_stand_where_every_form_puts_them():
    form = joined(
        part("one", text("a"), text("d")),
        part("two", text("b"), text("c"), text("d")),
        part("three", text("a"), text("b")),
    )

    assert [one.path for one in form.fields] == ["a", "b", "c", "d"]


def test_forms_that_put_fields_the_other_way_round_still_make_one():
    form = joined(part("one", text("a"), text("b")), part("two", text("b"), text("a")))

    assert sorted(one.path for one in form.fields) == ["a", "b"]


def test_groups_of_one_id_become_one_group():
    form = joined(
        part("one", group("person", text("name")), group("place", text("street"))),
        part("two", group("person", text("phone")), group("place", text("door"))),
    )

    assert [(one.id, [field.path for field in one.children]) for one in form.components] == [
        ("person", ["name", "phone"]),
        ("place", ["street", "door"]),
    ]


def test_a_field_is_shown_where_one_of_its_items_belongs_to_the_case():
    form = joined(
        part("frame", text("kind")),
        part("one", text("name"), condition='=kind = "one"'),
        part("two", text("name"), text("note"), condition='=kind = "two"'),
    )

    assert asked(form) == ["kind"]
    assert asked(form, kind="one") == ["kind", "name"]
    assert asked(form, kind="two") == ["kind", "name", "note"]


def test_a_field_is_shown_where_one_of_its_forms_shows_it():
    form = joined(
        part("one", text("kind"), text("card", hide='kind != "card"')),
        part("two", text("kind"), text("card", hide='kind != "both"')),
    )

    assert asked(form, kind="card") == asked(form, kind="both") == ["kind", "card"]
    assert asked(form, kind="cash") == ["kind"]


def test_what_hides_a_group_hides_what_the_same_form_has_in_it_and_no_more():
    form = joined(
        part("one", group("money", text("card"), hide="free = true")),
        part("two", group("money", text("reason"))),
    )

    assert asked(form, free=True) == ["reason"]
    assert asked(form, free=False) == ["card", "reason"]


def test_a_group_that_asks_nothing_shows_no_heading():
    form = joined(
        part("frame", text("kind")),
        part("one", group("money", text("card"), text("bank")), condition='=kind = "paid"'),
    )

    assert [one.is_hidden for one in form.view({}, {}, ENV)] == [False, True]
    assert asked(form, kind="paid") == ["kind", "card", "bank"]


def test_an_answer_is_required_where_an_item_of_the_case_requires_it():
    required = {"validate": {"required": True}}
    form = joined(
        part("frame", text("kind")),
        part("one", text("phone")),
        part("two", text("phone", **required), condition='=kind = "two"'),
    )

    assert errors(form, kind="one") == set()
    assert errors(form, kind="two") == {"phone"}


def test_an_item_checks_only_where_it_asks():
    checked = {"properties": {"check": '=name = "right"', "message": "错"}}
    form = joined(
        part("frame", text("kind")),
        part("one", text("name")),
        part("two", text("name", **checked), condition='=kind = "two"'),
    )

    assert errors(form, kind="one", name="wrong") == set()
    assert errors(form, kind="two", name="wrong") == {"name"}
    assert errors(form, kind="two", name="right") == set()


def test_rows_of_a_list_ask_for_what_every_item_wants_of_them():
    form = joined(
        part("frame", text("kind")),
        part("one", rows("heirs", text("name"))),
        part("two", rows("heirs", text("name"), text("bank")), condition='=kind = "money"'),
    )

    assert [one.path for one in form.fields] == ["kind", "heirs", "heirs[].name", "heirs[].bank"]
    assert form.submit({"kind": "x", "heirs": [{"name": "a", "bank": "1"}]}, ENV).data == {
        "kind": "x",
        "heirs": [{"name": "a"}],
    }


@pytest.mark.parametrize(
    ("one", "two", "attribute"),
    [
        (text("name"), {**text("name"), "type": "number"}, "type"),
        (
            text("name", properties={"element": "person.name"}),
            text("name", properties={"element": "org.name"}),
            "element",
        ),
        (
            text("name", validate={"maxLength": 10}),
            text("name", validate={"maxLength": 20}),
            "maxLength",
        ),
        (text("name"), text("name", label="called otherwise"), "label"),
        (
            text("name", properties={"check": "=true"}),
            text("name", properties={"check": "=false"}),
            "check",
        ),
    ],
)
def test_two_items_that_ask_in_different_ways_are_refused_with_both_places(one, two, attribute):
    with pytest.raises(ModelRefused) as refused:
        forms.compile_joint([part("one", group("g", one)), part("two", group("g", two))])

    (finding,) = refused.value.findings
    assert (finding.file, finding.element) == ("forms/two.form", "field-name")
    assert f"name: {attribute} is" in finding.message
    assert "forms/one.form" in finding.message


def test_components_of_different_forms_never_share_an_id():
    form = joined(part("one", text("a", id="x")), part("two", text("b", id="x")))

    ids = [one.id for one in form.components]
    assert len(set(ids)) == len(ids) == 2


@pytest.mark.parametrize("components", [None, "no list", [None, 7, "text"], [{"type": "group"}]])
def test_what_is_no_form_breaks_nothing_here(components):
    broken = Part("forms/x.form", {"id": "x", "components": components})

    assert forms.compile_joint([broken, broken])["id"] == "x"
