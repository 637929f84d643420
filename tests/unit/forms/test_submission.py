"""Answers: what a page posts and what the API sends become the same data."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from tests.unit.forms.conftest import component

from onething import engine
from onething.calendar import load_default
from onething.errors import TooLarge
from onething.forms import Posted

ID = "37050219900307123X"


def test_posted_fields_become_nested_data(death, env):
    posted = Posted(
        {
            "dead.name": ["张三"],
            "dead.idNo": [" 37050219900307123x "],
            "class": ["正常"],
            "items": ["火化", "银行"],
            "heirs[0].name": ["张四"],
            "heirs[0].share": ["60.5"],
            "heirs[2].name": ["张五"],
            "heirs[2].share": ["40"],
            "heirs[2].waives": ["true"],
            "heirs[3].name": [""],
            "csrf_token": ["x"],
        }
    )

    answer = death.submit(posted, env)

    assert answer.errors == {}
    assert answer.data == {
        "dead": {"name": "张三", "idNo": ID, "sex": "男", "birth": "1990-03-07"},
        "class": "正常",
        "items": ["火化", "银行"],
        "heirs": [
            {"name": "张四", "share": Decimal("60.5"), "waives": False},
            {"name": "张五", "share": 40, "waives": True},
        ],
    }


def test_json_goes_the_same_way_and_unknown_paths_are_dropped(death, env):
    given = {
        "dead": {"name": "张三", "idNo": ID, "sex": "女", "secret": 1},
        "class": "正常",
        "admin": True,
        "heirs": [{"name": "张四", "share": 100, "order": "1"}],
    }

    answer = death.submit(given, env)

    assert answer.errors == {}
    assert answer.data["dead"] == {"name": "张三", "idNo": ID, "sex": "男", "birth": "1990-03-07"}
    assert answer.data["heirs"] == [{"name": "张四", "share": 100}]
    assert "admin" not in answer.data


def test_every_fault_is_told_at_its_own_path_in_both_languages(death, env):
    given = {
        "dead": {"idNo": "370502199003071230"},
        "class": "也许",
        "heirs": [{"share": 101}, {"name": "张四", "share": "x"}],
    }

    answer = death.submit(given, env)

    assert {path: message.id for path, message in answer.errors.items()} == {
        "dead.name": "required",
        "dead.idNo": "id_number.check",
        "class": "choice.unknown",
        "policeNo": "required",
        "heirs[0].name": "required",
        "heirs[0].share": "number.max",
        "heirs[1].share": "type.number",
    }
    assert answer.texts()["heirs[0].share"] == "不能大于 100"
    assert answer.texts("en")["heirs[0].share"] == "It must not be greater than 100"


def test_hidden_fields_are_neither_required_nor_kept(death, env):
    given = {"dead": {"name": "张三", "idNo": ID}, "class": "正常", "policeNo": "东公1号"}

    answer = death.submit(given, env)

    assert answer.errors == {}
    assert "policeNo" not in answer.data


def test_the_base_of_a_context_that_is_written_into_stays(make, env):
    form = make(component("textfield", "dead.name"), component("textfield", "note"))
    base = {"dead": {"idNo": ID, "name": "张"}, "other": 1}

    answer = form.submit({"dead": {"name": "张三"}}, env, base)

    assert answer.data == {"dead": {"idNo": ID, "name": "张三"}}
    assert base["dead"]["name"] == "张"


def test_a_value_that_was_not_sent_stays_and_a_blank_one_clears(make, env):
    form = make(component("textfield", "a"), component("textfield", "b"))

    answer = form.submit({"a": " "}, env, {"a": "1", "b": "2"})

    assert answer.data == {"a": None}


def test_readonly_fields_are_never_taken_from_the_input(make, env):
    form = make(component("textfield", "fee", readonly=True), component("textfield", "x"))

    answer = form.submit({"fee": "9", "x": "1"}, env, {"fee": "0"})

    assert answer.data == {"x": "1"}


def test_sex_that_differs_from_the_number_is_an_error(make, env):
    form = make(
        component("textfield", "a.idNo", "person.id_number"),
        component("radio", "a.sex", "person.sex"),
        component("datetime", "a.birth", "person.birth", subtype="date"),
    )

    answer = form.submit({"a": {"idNo": ID, "sex": "女", "birth": "1990-03-08"}}, env)

    assert answer.errors["a.sex"].id == "sex.mismatch"
    assert answer.errors["a.birth"].id == "birth.mismatch"


def test_the_kind_of_document_decides_how_a_number_is_checked(make, env):
    form = make(
        component("select", "a.idType", "person.id_type"),
        component("textfield", "a.idNo", "person.id_number"),
    )

    passport = form.submit({"a": {"idType": "414", "idNo": "e12345678"}}, env)
    card = form.submit({"a": {"idType": "111", "idNo": "e12345678"}}, env)

    assert passport.data["a"]["idNo"] == "E12345678"
    assert card.errors["a.idNo"].id == "id_number.form"


def test_an_unknown_division_warns_and_is_taken(make, env):
    form = make(component("textfield", "at", "person.hukou_division"))

    answer = form.submit({"at": "370599"}, env)

    assert answer.is_valid
    assert answer.warnings["at"].id == "division.unknown"


def test_a_check_must_be_true(make, env):
    form = make(
        component("textfield", "a"),
        component("textfield", "b", check="=b != a", message="不能相同", message_en="Not alike"),
    )

    alike = form.submit({"a": "x", "b": "x"}, env)
    other = form.submit({"a": "x", "b": "y"}, env)

    assert alike.texts() == {"b": "不能相同"}
    assert alike.texts("en") == {"b": "Not alike"}
    assert other.is_valid


def test_a_list_checks_all_its_rows_together(make, env):
    form = make(
        component(
            "dynamiclist",
            "heirs",
            check="=sum(heirs.share) = 100",
            message="份额合计应为 100%",
            components=[component("number", "share")],
        )
    )

    assert form.submit({"heirs": [{"share": 60}, {"share": 30}]}, env).texts() == {
        "heirs": "份额合计应为 100%"
    }
    assert form.submit({"heirs": [{"share": 60}, {"share": 40}]}, env).is_valid


def test_computed_values_are_made_by_the_server(make, env):
    form = make(
        component("number", "a"),
        component("number", "b"),
        component("textfield", "total", computed="=a + b"),
        component("expression", "double", expression="=total * 2"),
    )

    answer = form.submit({"a": 1, "b": "2.5", "total": 99}, env)

    assert answer.data == {"a": 1, "b": Decimal("2.5"), "total": Decimal("3.5"), "double": 7}


def test_expressions_of_a_form_know_the_legal_calendar(make):
    context = engine.Context(now=datetime(2026, 11, 23, tzinfo=UTC), calendar=load_default())
    form = make(
        component("textfield", "on"),
        component("textfield", "due", computed='=string(due date(on, "WD(1)"))'),
    )

    answer = form.submit({"on": "2026-11-23"}, context.environment())

    assert answer.data["due"] == "2026-11-24"


def test_rows_see_their_own_fields(make, env):
    form = make(
        component(
            "dynamiclist",
            "heirs",
            components=[
                component("checkbox", "waives"),
                component(
                    "textfield", "bank", required="=not(waives)", conditional={"hide": "=waives"}
                ),
            ],
        )
    )

    answer = form.submit({"heirs": [{"waives": True, "bank": "1"}, {"waives": False}]}, env)

    assert {path: message.id for path, message in answer.errors.items()} == {
        "heirs[1].bank": "required"
    }
    assert answer.data["heirs"][0] == {"waives": True}


def test_a_required_tick_box_must_be_ticked(make, env):
    form = make(component("checkbox", "agreed", validate={"required": True}))

    assert form.submit(Posted({}), env).errors["agreed"].id == "required.checked"
    assert form.submit(Posted({"agreed": ["on"]}), env).data == {"agreed": True}


def test_no_is_an_answer_to_a_yes_or_no_question(make, env):
    form = make(component("radio", "alive", "person.alive", {"required": True}))

    assert form.submit(Posted({"alive": ["false"]}), env).data == {"alive": False}
    assert form.submit(Posted({}), env).errors["alive"].id == "required.choice"


@pytest.mark.parametrize(
    ("more", "value", "problem"),
    [
        ({}, "x" * 201, "text.long"),
        ({"validate": {"maxLength": 3}}, "abcd", "text.long"),
        ({"validate": {"minLength": 3}}, "ab", "text.short"),
        ({"validate": {"pattern": "^[a-z]+$"}}, "A", "text.pattern"),
        ({"validate": {"pattern": "^(a+)+$"}}, "a" * 40 + "!", "text.pattern"),
        ({"validate": {"validationType": "email"}}, "a@b", "text.email"),
        ({"validate": {"validationType": "phone"}}, "call me", "text.phone"),
        ({}, "a\x00b", "text.control"),
        ({}, "a\nb", "text.control"),
        ({}, "a\u202eb", "text.control"),
        ({}, ["a"], "type.text"),
        ({}, {"a": 1}, "type.text"),
        ({}, 5, "type.text"),
    ],
)
def test_texts_are_bounded(make, env, more, value, problem):
    form = make(component("textfield", "a", **more))

    assert form.submit({"a": value}, env).errors["a"].id == problem


@pytest.mark.parametrize(
    ("more", "value", "expected"),
    [
        ({"decimalDigits": 0}, "12", 12),
        ({}, "12.50", Decimal("12.50")),
        ({}, Decimal("1E+3"), 1000),
        ({}, 0.1, Decimal("0.1")),
        ({}, "-3", -3),
    ],
)
def test_numbers_are_exact(make, env, more, value, expected):
    form = make(component("number", "a", **more))

    assert form.submit({"a": value}, env).data == {"a": expected}


@pytest.mark.parametrize(
    ("more", "value", "problem"),
    [
        ({}, "1e5", "type.number"),
        ({}, "NaN", "type.number"),
        ({}, float("inf"), "type.number"),
        ({}, "1" * 35, "number.long"),
        ({}, Decimal("1E+1000000"), "number.long"),
        ({}, True, "type.number"),
        ({}, "١٢", "type.number"),
        ({"decimalDigits": 0}, "1.5", "type.integer"),
        ({"decimalDigits": 2}, "1.555", "number.digits"),
        ({"validate": {"min": "1.5"}}, 1, "number.min"),
    ],
)
def test_what_is_no_such_number_is_refused(make, env, more, value, problem):
    form = make(component("number", "a", **more))

    assert form.submit({"a": value}, env).errors["a"].id == problem


@pytest.mark.parametrize(
    ("subtype", "value", "expected"),
    [
        ("date", "2026-06-01", "2026-06-01"),
        ("time", "09:30", "09:30:00"),
        ("datetime", "2026-06-01T09:30", "2026-06-01T09:30:00"),
        ("datetime", "2026-06-01T09:30:00+08:00", "2026-06-01T09:30:00+08:00"),
    ],
)
def test_moments_are_stored_as_iso(make, env, subtype, value, expected):
    form = make(component("datetime", "a", subtype=subtype))

    assert form.submit({"a": value}, env).data == {"a": expected}


@pytest.mark.parametrize(
    ("subtype", "value"),
    [
        ("date", "2026-02-29"),
        ("date", "01/06/2026"),
        ("date", 20260601),
        ("time", "25:00"),
        ("datetime", "2026-06-01"),
        ("datetime", "soon"),
    ],
)
def test_what_is_no_moment_is_refused(make, env, subtype, value):
    form = make(component("datetime", "a", subtype=subtype))

    assert form.submit({"a": value}, env).errors["a"].id == f"type.{subtype}"


def test_months_are_asked_by_their_element(make, env):
    form = make(component("textfield", "from", "death.pension_start"))

    assert form.submit({"from": "2020-05"}, env).data == {"from": "2020-05"}
    assert form.submit({"from": "2020-13"}, env).errors["from"].id == "type.month"


def test_a_booking_may_not_lie_in_the_past(make, env):
    form = make(component("datetime", "slot", subtype="date", disallowPassedDates=True))

    assert form.submit({"slot": "2026-05-31"}, env).errors["slot"].id == "date.passed"
    assert form.submit({"slot": "2026-06-01"}, env).is_valid


def test_materials_are_given_by_id(make, env):
    form = make(component("filepicker", "proof", validate={"required": True}, multiple=True))

    assert form.submit({"proof": ["m-1", "m-2"]}, env).data == {"proof": ["m-1", "m-2"]}
    assert form.submit({"proof": ["../x"]}, env).errors["proof"].id == "type.file"
    assert form.submit({}, env).errors["proof"].id == "required.file"


def test_choices_may_come_from_the_data(make, env):
    form = make(
        component("select", "home", valuesExpression="=homes"),
        component("select", "slot", valuesKey="slots"),
    )
    base = {"homes": ["东营殡仪馆"], "slots": [{"value": "am", "label": "上午"}]}

    assert form.submit({"home": "东营殡仪馆", "slot": "am"}, env, base).is_valid
    assert form.submit({"home": "别处", "slot": "pm"}, env, base).errors.keys() == {"home", "slot"}


def test_a_default_is_taken_where_nothing_was_sent(make, env):
    form = make(component("textfield", "nation", defaultValue="CHN"))

    assert form.submit({}, env).data == {"nation": "CHN"}
    assert form.submit({}, env, {"nation": "KOR"}).data == {}
    assert form.submit({"nation": ""}, env).data == {}


def test_rows_that_are_no_rows_are_refused(death, env):
    answer = death.submit({"heirs": "x"}, env)

    assert answer.errors["heirs"].id == "type.list"


def test_readonly_values_of_rows_are_kept_by_position(make, env):
    form = make(
        component(
            "dynamiclist",
            "heirs",
            components=[
                component("textfield", "name", readonly=True),
                component("number", "share"),
            ],
        )
    )
    base = {"heirs": [{"name": "甲", "idNo": "1", "share": 5}]}

    answer = form.submit({"heirs": [{"name": "乙", "share": 6}]}, env, base)

    assert answer.data == {"heirs": [{"name": "甲", "idNo": "1", "share": 6}]}


def test_floods_are_refused(death, env):
    names = Posted({f"x{number}": ["1"] for number in range(6000)})
    rows = Posted({f"heirs[{number}].name": ["张三"] for number in range(300)})

    with pytest.raises(TooLarge):
        death.submit(names, env)
    with pytest.raises(TooLarge):
        death.submit(rows, env)
    assert death.submit({"heirs": [{}] * 300}, env).errors["heirs"].id == "list.max"


@pytest.mark.parametrize(
    "given",
    [
        Posted({"dead.name": ["李四"], "class": ["正常"]}),
        {"dead": {"name": "李四"}, "class": "正常"},
        {"dead": "李四", "class": "正常"},
        {"class": "正常"},
    ],
)
def test_fixed_values_stand_whatever_was_sent_in_their_place(death, env, given):
    fixed = {"dead.name": "张三", "dead.idNo": ID, "heirs[0].name": "张四"}

    answer = death.submit(given, env, fixed=fixed)

    assert (answer.data["dead"]["name"], answer.data["dead"]["idNo"]) == ("张三", ID)
    assert answer.data["heirs"][0]["name"] == "张四"


@pytest.mark.parametrize("heirs", ["x", [1, 2], [[]], {"name": "x"}, None])
def test_fixed_value_of_a_row_that_is_no_row_is_refused_with_it(death, env, heirs):
    fixed = {"heirs[0].name": "张四"}

    answer = death.submit({"heirs": heirs}, env, fixed=fixed)

    assert answer.data.get("heirs") in ([], [{"name": "张四"}], None)
