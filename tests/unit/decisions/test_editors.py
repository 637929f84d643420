"""Models as dmn-js and Camunda Modeler write them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from onething import decisions, feel
from onething.errors import ModelRefused

DISHES = Path(__file__).with_name("dish-from-camunda-modeler.dmn").read_bytes()


@pytest.fixture
def env():
    return feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("season", "guests", "expected"),
    [("Winter", 4, "Roastbeef"), ("Winter", 12, "Stew"), ("Summer", 3, "Light Salad")],
)
def test_a_table_of_the_modeler_decides(env, season, guests, expected):
    given = {"season": season, "guestCount": guests}

    result = decisions.parse(DISHES).evaluate("dish", given, env)

    assert result.value == expected


def test_a_decision_is_found_by_its_title_too(env):
    result = decisions.parse(DISHES).evaluate("Portions needed", {"guestCount": 3}, env)

    assert result.value == 6


def test_a_cell_of_another_language_is_refused():
    source = DISHES.replace(b'expressionLanguage="feel"', b'expressionLanguage="juel"', 1)

    with pytest.raises(ModelRefused) as caught:
        decisions.parse(source)

    assert caught.value.findings[0].rule == "dmn-language"


def test_a_model_whose_language_is_another_one_is_refused():
    source = DISHES.replace(b'id="dishes"', b'id="dishes" expressionLanguage="urn:juel"')

    with pytest.raises(ModelRefused) as caught:
        decisions.parse(source)

    assert {one.rule for one in caught.value.findings} == {"dmn-language"}


def test_an_input_column_without_an_expression_is_refused():
    with pytest.raises(ModelRefused) as caught:
        decisions.parse(DISHES.replace(b"<text>season</text>", b"<text></text>"))

    assert caught.value.findings[0].rule == "dmn-input"


def test_two_outputs_of_one_name_are_refused():
    second = b'<output id="o2" name="desiredDish" typeRef="string" />\n      <rule'
    with pytest.raises(ModelRefused) as caught:
        decisions.parse(DISHES.replace(b"<rule", second, 1))

    assert caught.value.findings[0].rule == "dmn-output"
