"""Every hit policy against an evaluator that asks each cell of each rule in turn."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onething import decisions, feel
from onething.decisions.tables import AGGREGATIONS, HIT_POLICIES

CELLS = [
    "-", "", "1", "1, 3", "< 2", "[1..3)", "]1..3]", "not(2)", "not(< 2, 3)", "null", '"a"', "true",
    "[1, 2]", "> limit", "? = 1 or ? = 2", "list contains([1, 2], ?)", "!= 2",
    'date("2026-01-01")', '[date("2026-01-01")..date("2026-01-03"))',
]  # fmt: skip
VALUES = [None, 0, 1, 2, 3, "a", True, [1, 2], [1], feel.Date(2026, 1, 1), feel.Date(2026, 1, 2)]
OUTPUTS = ["1", "2", "3"]
ORDER = ["3", "1", "2"]
"""The output values, the first of the highest priority."""

RULES = st.lists(
    st.tuples(st.sampled_from(CELLS), st.sampled_from(CELLS), st.sampled_from(OUTPUTS)), max_size=6
)
INPUTS = st.tuples(st.sampled_from(VALUES), st.sampled_from(VALUES))


def environment():
    return feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC))


def asked(policy, aggregation, rules, values, default):
    columns = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in "ab"
    )
    rows = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text><![CDATA[{cell}]]></text></inputEntry>" for cell in cells)
        + f"<outputEntry><text>{output}</text></outputEntry></rule>"
        for *cells, output in rules
    )
    otherwise = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>"
    source = f"""<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' namespace='urn:t'
        name='t' id='t'><decision id='d' name='d'><decisionTable hitPolicy='{policy}' {aggregation}>
        {columns}<output name='o'><outputValues><text>{", ".join(ORDER)}</text></outputValues>
        {otherwise if default else ""}</output>{rows}</decisionTable></decision></definitions>"""
    given_values = dict(zip("ab", values, strict=True)) | {"limit": 1}
    return decisions.parse(source.encode()).evaluate("d", given_values, environment()).value


def matching(rules, values):
    """Return the outputs of the rules that match, each cell asked alone."""
    return [
        int(output)
        for *cells, output in rules
        if all(
            feel.compile_unary(cell).matches(value, {"limit": 1}, environment()) is True
            for cell, value in zip(cells, values, strict=True)
        )
    ]


def by_priority(hits):
    return sorted(hits, key=lambda hit: ORDER.index(str(hit)))


EXPECTED = {
    "UNIQUE": lambda hits: hits[0] if len(hits) == 1 else None,
    "ANY": lambda hits: hits[0] if len(set(hits)) == 1 else None,
    "FIRST": lambda hits: hits[0],
    "PRIORITY": lambda hits: by_priority(hits)[0],
    "RULE ORDER": lambda hits: hits,
    "OUTPUT ORDER": by_priority,
    "COLLECT": lambda hits: hits,
    "SUM": sum,
    "MIN": min,
    "MAX": max,
    "COUNT": len,
}


def test_every_hit_policy_and_aggregation_is_compared():
    assert set(EXPECTED) == HIT_POLICIES | AGGREGATIONS


@pytest.mark.parametrize("name", sorted(EXPECTED))
@given(rules=RULES, values=INPUTS, default=st.sampled_from(["", "9"]))
@settings(max_examples=60, deadline=None)
def test_a_table_gives_what_asking_every_cell_gives(name, rules, values, default):
    policy = "COLLECT" if name in AGGREGATIONS else name
    aggregation = f"aggregation='{name}'" if name in AGGREGATIONS else ""
    hits = matching(rules, values)
    nothing = 9 if default else 0 if name == "COUNT" else None

    found = asked(policy, aggregation, rules, values, default)

    assert found == (EXPECTED[name](hits) if hits else nothing)
