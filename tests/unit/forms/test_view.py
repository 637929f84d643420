"""What a page is given to show, and what a reader may see."""

import json
from decimal import Decimal

from tests.unit.forms.conftest import component

from onething.forms import parse, project


def by_name(views):
    found = {}
    for view in views:
        found[view.name or view.id] = view
        found.update(by_name(view.children))
        for row in view.rows:
            found.update(by_name(row))
    return found


def test_fields_are_shown_with_values_and_errors(death, env):
    answer = death.submit({"dead": {"name": "张", "idNo": "37050219900307123x"}}, env)

    shown = by_name(death.view(answer.data, answer.errors, env))

    assert shown["dead.name"].label == "逝者姓名"
    assert shown["dead.name"].value == "张"
    assert shown["dead.name"].error.startswith("姓名应为")
    assert shown["dead.name"].is_required
    assert shown["dead.sex"].is_readonly
    assert shown["dead.sex"].display == "男"
    assert shown["dead.idNo"].classification == "sensitive"


def test_labels_come_from_the_data_element_where_the_form_has_none(death, env):
    chinese = by_name(death.view({}, {}, env))
    english = by_name(death.view({}, {}, env, language="en"))

    assert chinese["class"].label == "死亡类别"
    assert english["class"].label == "Kind of death"
    assert [option.label for option in english["class"].options] == [
        "Normal",
        "Unnatural",
        "Under inquiry",
    ]


def test_chosen_options_are_marked(death, env):
    shown = by_name(death.view({"items": ["银行"]}, {}, env))

    assert [option.value for option in shown["items"].options if option.is_chosen] == ["银行"]


def test_hidden_fields_are_marked(death, env):
    assert by_name(death.view({"class": "正常"}, {}, env))["policeNo"].is_hidden
    assert not by_name(death.view({"class": "待查"}, {}, env))["policeNo"].is_hidden


def test_lists_show_their_rows_and_a_blank_one(death, env):
    shown = by_name(death.view({"heirs": [{"name": "张四", "share": Decimal("0.50")}]}, {}, env))

    assert shown["heirs[0].name"].value == "张四"
    assert shown["heirs[0].share"].value == "0.50"
    assert [view.name for view in shown["heirs"].blank_row] == [
        "heirs[1].name",
        "heirs[1].share",
        "heirs[1].waives",
    ]
    assert shown["heirs[0].name"].id == "field-heirs-0-name"


def test_a_readonly_view_asks_nothing(death, env):
    views = death.view({"heirs": []}, {}, env, readonly=True)

    assert all(view.is_readonly for view in views)
    assert by_name(views)["heirs"].blank_row == ()


def test_a_reader_sees_only_allowed_paths(death, env):
    shown = by_name(death.view({}, {}, env, only=["dead.name", "heirs.name"]))

    assert set(shown) == {"dead.name", "heirs"}
    assert [view.name for view in shown["heirs"].blank_row] == ["heirs[0].name"]


def test_texts_may_hold_feel_and_lose_their_markup(make, env):
    form = make(
        {"type": "text", "text": "### 办理 {{service}}\n**请核对**"},
        {"type": "html", "content": "<p>一<script>x</script></p>"},
    )

    texts = [view.text for view in form.view({"service": "身后事"}, {}, env)]

    assert texts[0] == "办理 身后事\n请核对"
    assert "<" not in texts[1]


def test_tables_show_rows_of_the_data(make, env):
    columns = [{"key": "name", "label": "姓名"}, {"key": "relation", "label": "关系"}]
    form = make({"type": "table", "dataSource": "members", "columns": columns})

    (table,) = form.view({"members": [{"name": "李四", "relation": "配偶"}]}, {}, env)

    assert table.headings == ("姓名", "关系")
    assert table.value == [["李四", "配偶"]]


def test_what_nobody_changes_is_shown_in_the_readers_words(elements, env):
    fixed = component("textfield", "at", readonly=True)
    text = json.dumps({"id": "form", "schemaVersion": 19, "components": [fixed]})
    form = parse(text, elements, "form.form", {"孤儿": "Orphan"})

    (view,) = form.view({"at": "孤儿"}, {}, env, language="en")

    assert view.value == "Orphan"


def test_divisions_are_shown_as_names(make, env):
    form = make(component("textfield", "at", "person.hukou_division"))

    (view,) = form.view({"at": "370502"}, {}, env)

    assert view.display == view.value == "山东省东营市东营区"


def test_projection_keeps_only_declared_paths():
    data = {
        "dead": {"name": "张三", "idNo": "1", "cause": "x"},
        "heirs": [{"name": "张四", "bank": "6"}, {"name": "张五", "bank": "7"}],
        "handler": {"name": "李四"},
    }

    assert project(data, ["dead.name", "heirs.name", "nothing.at.all"]) == {
        "dead": {"name": "张三"},
        "heirs": [{"name": "张四"}, {"name": "张五"}],
    }
    assert project(data, ["dead", "dead.name"]) == {"dead": data["dead"]}
    assert project(data, ["dead.name", "dead"]) == {"dead": data["dead"]}
    assert project(data, ["heirs[].bank"]) == {"heirs": [{"bank": "6"}, {"bank": "7"}]}


def test_an_instant_with_an_offset_is_shown_as_its_input_takes_it(make, env):
    form = make(component("datetime", "at", subtype="datetime", label="时间"))

    def value(text: str) -> object:
        (shown,) = form.view({"at": text}, {}, env)
        return shown.value

    assert value("2026-06-01T20:10+08:00") == "2026-06-01T20:10:00"
    assert value("2026-06-01T12:10Z") == "2026-06-01T20:10:00"
    assert value("2026-06-01T20:10") == "2026-06-01T20:10"
    assert value("soon") == "soon"
