"""The data dictionary is whole."""

import pytest

from onething.errors import ModelRefused
from onething.forms import load_elements


def test_there_are_56_ethnic_groups_in_the_standard_order(elements):
    codes = [code for code in elements.codes["ethnic"].codes if int(code.standard) <= 56]

    assert [int(code.standard) for code in codes] == list(range(1, 57))


def test_code_lists_have_no_value_twice(elements):
    for codes in elements.codes.values():
        values = [code.value for code in codes.codes]
        assert len(set(values)) == len(values), codes.id


def test_every_element_has_both_names(elements):
    assert all(element.name and element.name_en for element in elements.elements.values())


def test_an_element_of_an_unknown_rule_is_refused(tmp_path):
    file = tmp_path / "_elements.toml"
    file.write_text(
        '[elements.a]\nb = { name = "x", name_en = "x", type = "string", '
        'classification = "general", rule = "nonsense" }\n',
        encoding="utf-8",
    )

    with pytest.raises(ModelRefused) as error:
        load_elements(file)

    assert error.value.findings[0].rule == "element-rule"
