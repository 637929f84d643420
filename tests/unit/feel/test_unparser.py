from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from onething import feel
from onething.errors import ExpressionLimitExceeded
from onething.feel import nodes
from onething.feel.compiled import Names
from onething.feel.compiler import compile_node
from onething.feel.environment import Run, Scope
from onething.feel.expression import Expression
from onething.feel.library import BUILTINS
from onething.feel.parser import parse, parse_unary_tests
from onething.feel.unparser import excerpt, unparse
from unit.feel.trees import NAMES, cells, trees


def value_of(tree):
    env = feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC))
    env.limits = feel.Limits(rounds=2000)
    expression = Expression("", compile_node(tree, Names(BUILTINS)), frozenset(), tree)
    try:
        found = expression.evaluate_in(Scope({"x": [1, 2], "年龄": 3}, None, Run(env)))
    except ExpressionLimitExceeded as error:
        return error.message
    return feel.text_of(found, quoted=True)


@given(trees)
@settings(max_examples=300)
def test_a_tree_written_and_parsed_again_is_the_same_tree(tree):
    again, _ = parse(unparse(tree), NAMES, BUILTINS, 100)

    assert again == tree


@given(trees)
def test_a_tree_written_and_parsed_again_has_the_same_value(tree):
    again, _ = parse(unparse(tree), NAMES, BUILTINS, 100)

    assert value_of(again) == value_of(tree)


@given(cells)
@settings(max_examples=200)
def test_the_tests_of_a_cell_written_and_parsed_again_are_the_same(cell):
    again, _ = parse_unary_tests(unparse(cell), NAMES, BUILTINS, 100)

    assert again == cell


@pytest.mark.parametrize(
    "text",
    [
        "(1 + 2) * 3",
        "a - (b - c)",
        'if a = null then "none" else a.date of birth',
        "for i in 1..3 return partial[-1] + i",
        "x in (< 5, [6..7), != 8)",
        "f(n: -1)[item > 2].value",
        "{a: 1, b c: function(n: number) n}",
        "(x instance of list<number>) = true",
        '@"P1D" * -2',
    ],
)
def test_a_text_comes_back_with_no_more_brackets_than_it_needs(text):
    tree, _ = parse(text, (), BUILTINS, 100)

    assert unparse(tree) == text


def test_an_excerpt_is_cut_off_where_it_is_long():
    tree = nodes.ListOf(tuple(nodes.Name("abc") for _ in range(100)))

    assert excerpt(tree, 10) == "[abc, abc…"
