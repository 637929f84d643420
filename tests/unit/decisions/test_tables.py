from datetime import UTC, datetime

import pytest

from onething import decisions, feel


@pytest.fixture
def env():
    return feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC))


def table(attributes, *, outputs="<output name='out'/>", rules):
    rows = "".join(
        f"<rule id='r{number}'>"
        f"<inputEntry><text><![CDATA[{cell}]]></text></inputEntry>"
        + "".join(f"<outputEntry><text>{value}</text></outputEntry>" for value in values)
        + "</rule>"
        for number, (cell, *values) in enumerate(rules, start=1)
    )
    return f"""<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/'
      namespace='urn:t' name='t' id='t'>
      <decision id='d' name='fee'><decisionTable {attributes}>
        <input><inputExpression><text>age</text></inputExpression></input>
        {outputs}{rows}
      </decisionTable></decision></definitions>""".encode()


RULES = [("[0..10]", "1"), ("[5..20]", "2"), ("> 100", "3")]
PRIORITIES = "<output name='out'><outputValues><text>3, 2, 1</text></outputValues></output>"


@pytest.mark.parametrize(
    ("attributes", "age", "expected"),
    [
        ("hitPolicy='UNIQUE'", 3, 1),
        ("hitPolicy='UNIQUE'", 7, None),
        ("hitPolicy='ANY'", 7, None),
        ("hitPolicy='FIRST'", 7, 1),
        ("hitPolicy='PRIORITY'", 7, 2),
        ("hitPolicy='RULE ORDER'", 7, [1, 2]),
        ("hitPolicy='OUTPUT ORDER'", 7, [2, 1]),
        ("hitPolicy='COLLECT'", 7, [1, 2]),
        ("hitPolicy='COLLECT' aggregation='SUM'", 7, 3),
        ("hitPolicy='COLLECT' aggregation='MIN'", 7, 1),
        ("hitPolicy='COLLECT' aggregation='MAX'", 7, 2),
        ("hitPolicy='COLLECT' aggregation='COUNT'", 7, 2),
        ("hitPolicy='UNIQUE'", 50, None),
    ],
)
def test_a_hit_policy_chooses_among_the_rules_that_match(env, attributes, age, expected):
    model = decisions.parse(table(attributes, outputs=PRIORITIES, rules=RULES))

    assert model.evaluate("d", {"age": age}, env).value == expected


def test_the_result_names_the_rules_that_matched_and_the_inputs(env):
    model = decisions.parse(table("hitPolicy='FIRST'", rules=RULES))

    result = model.evaluate("d", {"age": 15}, env)

    assert result.matched == [decisions.RuleMatch("fee", "r2", 2)]
    assert result.inputs == {"age": 15}


def test_a_default_output_stands_in_when_no_rule_matches(env):
    default = "<output name='out'><defaultOutputEntry><text>9</text></defaultOutputEntry></output>"
    model = decisions.parse(table("", outputs=default, rules=RULES))

    assert model.evaluate("fee", {"age": 50}, env).value == 9


def test_several_outputs_make_a_context(env):
    outputs = "<output name='a'/><output name='b'/>"
    model = decisions.parse(table("", outputs=outputs, rules=[("-", "1", '"x"')]))

    assert model.evaluate("d", {"age": 1}, env).value == {"a": 1, "b": "x"}


def test_two_rules_of_a_unique_table_are_reported(env):
    model = decisions.parse(table("", rules=RULES))

    result = model.evaluate("d", {"age": 7}, env)

    assert "only one rule may match, but 1, 2 do" in result.warnings[0].message
