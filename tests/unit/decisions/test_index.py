import time
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from onething import feel
from onething.decisions.tables import Input, Output, Rule, Table
from onething.feel.environment import Run, Scope
from onething.feel.kinds import ANY

CELLS = [
    "-", "", "1", "2, 3", "-1", "< 2", ">= 2", "[1..3]", "]1..3[", "(1..3]", "[3..1]", "[1..1]",
    '"a"', '"a","b"', '< "b"', 'not("a")', "not(1, 2)", "true", "false", "null", "= 2", "!= 2",
    'date("2026-01-01")', '@"2026-01-02"', '[date("2026-01-01")..date("2026-01-03"))',
    'duration("P1D")', '@"P1M"', "x", "> x", "? > 1", "[1..x]", '1, "a"', "[1,2]",
    '@"2026-01-01T00:00:00"', "< 2, > 2", "[0..2], [1..3]", "1, null",
]  # fmt: skip
VALUES = [
    None, True, False, 0, 1, 2, Decimal("2.5"), 3, Decimal("-1.0"), "a", "b", "", [1, 2], [], {},
    feel.Date(2026, 1, 1), feel.Date(2026, 1, 2), feel.DaysDuration(86_400 * 10**9),
    feel.MonthsDuration(1), feel.DateTime(feel.Date(2026, 1, 1), feel.Time(0, 0, 0)),
    feel.Range(1, 3, True, True),
]  # fmt: skip
OUTSIDE = {"x": 2}


def table_of(rows, inputs=1):
    columns = [Input(f"i{n}", lambda _: None, ANY, None) for n in range(inputs)]
    rules = [
        Rule(f"r{number}", number, [feel.compile_unary(cell) for cell in row], [])
        for number, row in enumerate(rows, start=1)
    ]
    return Table("d", "COLLECT", "", columns, [Output("o", ANY, None, None)], rules)


def scope_of():
    env = feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC))
    return Scope(OUTSIDE, None, Run(env))


def naive(table, values):
    scope = scope_of()
    return [
        rule.number
        for rule in table.rules
        if all(
            tests.matches_in(value, scope) is True
            for tests, value in zip(rule.tests, values, strict=True)
        )
    ]


@given(
    st.lists(st.tuples(st.sampled_from(CELLS), st.sampled_from(CELLS)), min_size=1, max_size=12),
    st.tuples(st.sampled_from(VALUES), st.sampled_from(VALUES)),
)
@settings(max_examples=500, deadline=None)
def test_the_index_finds_the_rules_that_asking_every_cell_finds(rows, values):
    table = table_of(rows, 2)

    found = [rule.number for rule in table._matching(values, scope_of())]

    assert found == naive(table, values)


def test_a_table_longer_than_one_block_keeps_the_order_of_its_rules():
    table = table_of([["-"] if n % 500 == 0 else [str(n)] for n in range(2500)])

    found = [rule.number for rule in table._matching([1200], scope_of())]

    assert found == [1, 501, 1001, 1201, 1501, 2001]


def test_a_table_of_a_thousand_rules_with_five_inputs_answers_within_a_millisecond():
    rows = [
        [f"[{n}..{n + 9}]", f'"c{n % 7}"', f"> {n % 50}", "-", f"not({n % 3})"] for n in range(1000)
    ]
    table, values = table_of(rows, 5), [500, "c3", 60, True, 5]

    took = []
    for _ in range(20):
        started = time.perf_counter()
        found = [rule.number for rule in table._matching(values, scope_of())]
        took.append(time.perf_counter() - started)

    assert found == naive(table, values) != []
    assert min(took) < 0.001
