import pytest

from onething import feel
from onething.errors import ExpressionError

_TENFOLD = "{" + ", ".join(
    f"{name}: [{', '.join([before] * 10)}]"
    for before, name in zip("0abcdef", "abcdefg", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "+".join(["1"] * 5000),
        "-" * 3000 + "1",
        "a" + ".b" * 3000,
        "1 instance of " + "list<" * 3000 + "number" + ">" * 3000,
        "for a in 1..1000000, b in 1..1000000 return a",
        "{f: function(n) f(n)}.f(1)",
        'string join(for i in 1..100000 return "' + "a" * 30 + '")',
        _TENFOLD + ", h: string(g)}",
        "{a: [1], b: " + "concatenate(" * 20 + "[1]" + ", [2])" * 20 + ", c: 1e99999}",
        "1" * 200_000,
    ],
)
def test_a_hostile_expression_ends_in_a_clear_error(env, text):
    with pytest.raises(ExpressionError):
        feel.compile(text).evaluate({}, env)


def test_a_pattern_that_backtracks_without_end_is_stopped(value_of):
    assert value_of(f'matches("{"a" * 60}b", "(a+)+$")') is False


def test_the_rounds_of_one_evaluation_are_bounded(env):
    env.limits = feel.Limits(rounds=100)

    with pytest.raises(ExpressionError):
        feel.compile("for i in 1..200 return i").evaluate({}, env)


def test_a_long_row_of_alternatives_is_no_deep_nesting(value_of):
    assert value_of(" or ".join(["a = 1"] * 5000), a=2) is False
