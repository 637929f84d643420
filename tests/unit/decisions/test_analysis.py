from datetime import UTC, datetime
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onething import decisions, feel

CELLS = ["-", "1", "2", "< 2", "[1..3]", "(1..3)", "> 3", "not(2)", "1, 3", "[3..1]", ">= 2"]
TEXTS = ["-", '"a"', '"b"', 'not("a")', '"a", "b"']
NUMBERS = [Decimal(n) / 2 for n in range(-1, 11)]


DEFAULT = {"output": "<defaultOutputEntry><text>0</text></defaultOutputEntry>"}


def taking(values):
    return {"inputs": f"<inputValues><text>{values}</text></inputValues>"}


def giving(values):
    return {"output": f"<outputValues><text>{values}</text></outputValues>"}


def model(policy, rows, *, inputs="", output=""):
    columns = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression>{inputs}</input>"
        for name in ("n", "t")[: len(rows[0]) - 1]
    )
    rules = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text><![CDATA[{cell}]]></text></inputEntry>" for cell in cells)
        + f"<outputEntry><text>{result}</text></outputEntry></rule>"
        for *cells, result in rows
    )
    source = f"""<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' namespace='urn:t'
        name='t' id='t'><decision id='d' name='d'><decisionTable hitPolicy='{policy}'>{columns}
        <output name='o'>{output}</output>{rules}</decisionTable></decision></definitions>"""
    return decisions.parse(source.encode())


def found(policy, rows, **parts):
    return decisions.analyse(model(policy, rows, **parts).tables[0])


def matching(table, *values):
    env = feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC))
    return [
        rule.number
        for rule in table.rules
        if all(
            tests.matches(value, {}, env) is True
            for tests, value in zip(rule.tests, values, strict=True)
        )
    ]


ROWS = st.lists(
    st.tuples(st.sampled_from(CELLS), st.sampled_from(TEXTS), st.sampled_from("12")),
    min_size=1,
    max_size=4,
)


@given(ROWS)
@settings(max_examples=200, deadline=None)
def test_gaps_and_overlaps_are_those_that_trying_every_input_finds(rows):
    table = model("UNIQUE", rows).tables[0]
    hits = [matching(table, n, t) for n, t in product(NUMBERS, ["a", "b", "c"])]

    told = decisions.analyse(table)

    gaps = [one for one in told if one.kind == "gap"]
    pairs = {one.rules for one in told if one.kind in {"overlap", "contradiction"}}
    tried = {(a, b) for row in hits for a, b in product(row, row) if a < b}
    assert bool(gaps) == ([] in hits)
    assert pairs <= tried
    assert len(pairs) == min(len(tried), 5)
    for one in told:
        if one.kind == "gap":
            assert matching(table, *one.example.values()) == []
        if one.kind in {"overlap", "contradiction"}:
            assert set(one.rules) <= set(matching(table, *one.example.values()))


@given(ROWS)
@settings(max_examples=200, deadline=None)
def test_masked_and_unreachable_rules_are_those_that_no_input_lets_decide(rows):
    table = model("FIRST", rows).tables[0]
    hits = [matching(table, n, t) for n, t in product(NUMBERS, ["a", "b", "c"])]

    told = decisions.analyse(table)

    never = set(range(1, len(rows) + 1)) - {row[0] for row in hits if row}
    dead = {one.rules[0] for one in told if one.kind in {"masked", "unreachable"}}
    assert dead == never


@pytest.mark.parametrize(
    ("policy", "rows", "parts", "expected"),
    [
        ("ANY", [("< 5", "1"), ("< 3", "1"), (">= 5", "2")], {}, []),
        ("ANY", [("< 5", "1"), ("< 3", "2"), (">= 5", "2")], {}, ["contradiction"]),
        ("UNIQUE", [("[0..5)", "1")], taking("[0..5)"), []),
        ("UNIQUE", [("1", "1"), ("9", "1")], taking("1, 2"), ["unreachable", "value", "gap"]),
        ("FIRST", [("1", "1"), ("-", "7")], giving("1, 2"), ["value"]),
        ("PRIORITY", [("1", "2"), ("-", "1")], giving("1, 2"), ["masked"]),
        ("UNIQUE", [("1", "1")], DEFAULT, []),
        ("COLLECT", [("1", "1"), ("1", "2")], {}, []),
        ("UNIQUE", [("> limit", "1"), ("-", "2")], {}, []),
    ],
)  # fmt: skip
def test_faults_follow_the_hit_policy_and_the_allowed_values(policy, rows, parts, expected):
    assert [one.kind for one in found(policy, rows, **parts)] == expected


def test_a_gap_comes_with_an_example_that_a_person_can_read():
    (gap,) = found("UNIQUE", [("<= 18", "1"), (">= 60", "2")])

    assert gap.example_text == "n = 19"


STATUS = """<itemDefinition name='tStatus'><typeRef>string</typeRef>
    <allowedValues><text>"open","closed"</text></allowedValues></itemDefinition>
  <itemDefinition name='tMatter'>
    <itemComponent name='status'><typeRef>tStatus</typeRef></itemComponent>
    <itemComponent name='urgent'><typeRef>boolean</typeRef></itemComponent>
    <itemComponent name='on'><typeRef>date</typeRef><allowedValues>
      <text>[date("2026-01-01")..date("2026-01-06")]</text></allowedValues></itemComponent>
  </itemDefinition>
  <inputData id='m' name='matter'><variable name='matter' typeRef='tMatter'/></inputData>"""
DAYS = [feel.Date(2026, 1, day) for day in range(1, 7)]
TYPED_CELLS = st.tuples(
    st.sampled_from(["-", '"open"', '"closed"', 'not("open")']),
    st.sampled_from(["-", "true", "false"]),
    st.sampled_from(
        ["-", '< date("2026-01-03")', '@"2026-01-03"', '> date("2026-01-03")', '>= @"2026-01-06"']
    ),
)


def typed_table(policy, rows, output="1"):
    columns = "".join(
        f"<input><inputExpression><text>matter.{name}</text></inputExpression></input>"
        for name in ("status", "urgent", "on")
    )
    rules = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text><![CDATA[{cell}]]></text></inputEntry>" for cell in row)
        + f"<outputEntry><text>{output}</text></outputEntry></rule>"
        for row in rows
    )
    source = f"""<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' namespace='urn:t'
        name='t' id='t'>{STATUS}<decision id='d' name='d'><decisionTable hitPolicy='{policy}'>
        {columns}<output name='o' typeRef='tStatus'/>{rules}</decisionTable></decision>
        </definitions>"""
    return decisions.parse(source.encode()).tables[0]


@given(st.lists(TYPED_CELLS, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_types_of_the_model_bound_what_a_gap_or_overlap_is_sought_in(rows):
    table = typed_table("UNIQUE", rows, '"open"')
    places = list(product(["open", "closed"], [True, False], DAYS))
    hits = [matching(table, *place) for place in places]

    told = decisions.analyse(table)

    gaps = [one for one in told if one.kind == "gap"]
    pairs = {one.rules for one in told if one.kind == "overlap"}
    assert bool(gaps) == ([] in hits)
    assert pairs == {(a, b) for row in hits for a, b in product(row, row) if a < b}
    for one in gaps:
        assert tuple(one.example.values()) in places
        assert matching(table, *one.example.values()) == []


def test_an_output_outside_the_values_of_its_type_is_told():
    table = typed_table("FIRST", [("-", "-", "-")], '"lost"')

    assert [(one.kind, one.rules) for one in decisions.analyse(table)] == [("value", (1,))]


def test_the_order_of_a_type_s_values_is_the_priority_of_outputs():
    table = typed_table("PRIORITY", [("-", "-", "-")], '"open"')

    assert table.outputs[0].allowed == ["open", "closed"]
