import re
from pathlib import Path

import pytest

from onething.connectors import load, operations
from onething.errors import ConnectorError

TYPES = '[types]\nidNo = { type = "string" }\nmoney = { type = "number" }\n'
DEPARTMENT = """
department = "civil"
timeout_s = 5
retries = 3
per_second = 10
legal_basis = ["民法典"]
legal_basis_en = ["Civil Code"]

[[operations]]
id = "civil.marriage.check"
title = "查询"
title_en = "Look up"
purpose = "核对"
purpose_en = "Check"
changes = false
in = { idNo = "idNo" }
out = { amounts = [{ due = "money?" }] }
"""


def load_text(folder, text):
    (folder / "types.toml").write_text(TYPES, encoding="utf-8")
    (folder / "civil.toml").write_text(text, encoding="utf-8")
    return load(folder)


def test_every_operation_names_basis_purpose_and_bounds():
    for operation in operations().values():
        assert operation.legal_basis, operation.id
        assert len(operation.legal_basis_en) == len(operation.legal_basis), operation.id
        assert operation.purpose, operation.id
        assert operation.purpose_en, operation.id
        assert 0 < operation.timeout_s <= 30, operation.id
        assert 0 <= operation.retries <= 10, operation.id


def test_no_schema_lets_an_undeclared_field_through():
    def objects(schema):
        if schema.get("type") == "object":
            yield schema
            for part in schema["properties"].values():
                yield from objects(part)
        elif "items" in schema:
            yield from objects(schema["items"])

    for operation in operations().values():
        for schema in (operation.inputs, operation.answer):
            assert all(one["additionalProperties"] is False for one in objects(schema))


def test_the_path_is_the_operation_behind_its_department():
    assert operations()["police.household.get"].path == "/household/get"
    assert all(re.fullmatch(r"(/[a-z_]+)+", one.path) for one in operations().values())


def test_short_forms_become_json_schemas(tmp_path):
    answer = load_text(tmp_path, DEPARTMENT)["civil.marriage.check"].answer

    row = answer["properties"]["amounts"]["items"]
    assert answer["required"] == ["amounts"]
    assert row["required"] == []
    assert row["properties"]["due"] == {"anyOf": [{"type": "number"}, {"type": "null"}]}


def test_an_operation_overrides_the_terms_of_its_department(tmp_path):
    text = DEPARTMENT.replace("changes = false", "changes = false\ntimeout_s = 9")

    assert load_text(tmp_path, text)["civil.marriage.check"].timeout_s == 9


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("civil.marriage.check", "police.marriage.check", "civil.<words>"),
        ('"idNo" }', '"nobody" }', "nobody"),
        ('purpose = "核对"', 'purpose = ""', "purpose"),
        ('"民法典"', "", "legal basis"),
        ('[{ due = "money?" }]', "[]", "neither a type"),
        ("changes = false", "", "changes"),
        ("retries = 3", "retries = ", "civil.toml"),
    ],
)
def test_a_contract_out_of_form_is_refused_by_file_and_operation(tmp_path, old, new, told):
    with pytest.raises(ConnectorError, match=re.escape(told)):
        load_text(tmp_path, DEPARTMENT.replace(old, new))


def test_an_operation_declared_twice_is_refused(tmp_path):
    (tmp_path / "again.toml").write_text(DEPARTMENT, encoding="utf-8")

    with pytest.raises(ConnectorError, match="twice"):
        load_text(tmp_path, DEPARTMENT)


def test_every_operation_stands_in_the_documents():
    page = Path(__file__).parents[3] / "docs/authoring/operations.md"

    listed = set(re.findall(r"^\| `([a-z_.]+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE))

    assert listed == set(operations())
