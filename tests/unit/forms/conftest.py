"""A form about a dead person and heirs, bound to the product's own data dictionary."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onething.feel import Environment
from onething.forms import load_elements, parse

ELEMENTS = Path(__file__).parents[3] / "forms" / "_elements.toml"


@pytest.fixture(scope="session")
def elements():
    return load_elements(ELEMENTS)


@pytest.fixture
def env():
    return Environment(now=datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture
def make(elements):
    def form(*components):
        text = json.dumps({"id": "form", "schemaVersion": 19, "components": list(components)})
        return parse(text, elements, "form.form")

    return form


def component(kind, key="", element="", validate=None, **more):
    """Write one form-js component; properties go into `properties`."""
    names = ("check", "message", "message_en", "computed", "required", "label_en", "max_items")
    properties = {name: more.pop(name) for name in names if name in more}
    if element:
        properties["element"] = element
    place = {"path": key} if kind in {"group", "dynamiclist"} else {"key": key}
    return {
        "type": kind,
        **(place if key else {}),
        "properties": properties,
        "validate": validate or {},
        **more,
    }


@pytest.fixture
def death(make):
    need = {"required": True}
    return make(
        component("textfield", "dead.name", "person.name", need, label="逝者姓名"),
        component("textfield", "dead.idNo", "person.id_number", need, label="身份证号"),
        component("select", "dead.sex", "person.sex", disabled=True),
        component("datetime", "dead.birth", "person.birth", readonly=True),
        component("radio", "class", "death.class", need),
        component(
            "textfield",
            "policeNo",
            "death.police_document_no",
            need,
            conditional={"hide": '=class = "正常"'},
        ),
        component("checklist", "items", "death.items"),
        component(
            "dynamiclist",
            "heirs",
            components=[
                component("textfield", "name", "person.name", need),
                component("number", "share", "heir.share", {"min": 0, "max": 100}),
                component("checkbox", "waives", "heir.waives"),
            ],
        ),
    )
