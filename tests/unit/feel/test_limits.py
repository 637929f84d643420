import tracemalloc

import pytest

from onething import feel
from onething.errors import ExpressionError, ExpressionLimitExceeded

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


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000 return {a: i, b: {c: i + 1}}",
        "for i in 1..1000000 return function(x) x + i",
        "for i in 1..100000 return string join(for j in 1..9000 return s)",
        "{a: for i in 1..20000 return 1, b: for i in 1..100000 return reverse(a)}",
        "for i in 1..100000 return context put(c, string(i), i)",
    ],
)
def test_a_value_that_grows_without_end_stays_under_64_megabytes(env, text):
    compiled = feel.compile(text)
    tracemalloc.start()

    with pytest.raises(ExpressionLimitExceeded):
        compiled.evaluate({"s": "😀" * 99, "c": dict.fromkeys(map(str, range(9000)), 1)}, env)

    assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    tracemalloc.stop()


def test_an_evaluation_ends_when_its_time_is_up(env):
    env.limits = feel.Limits(evaluation_s=0.01)
    ones = [1] * 9000

    with pytest.raises(ExpressionLimitExceeded, match=r"longer than 0\.01 seconds"):
        feel.compile("for i in 1..9000 return a = b").evaluate({"a": ones, "b": [*ones]}, env)


def test_the_bounds_of_the_process_hold_for_every_later_expression(env):
    before = feel.limits()
    feel.set_limits(feel.Limits(text_chars=20))

    try:
        with pytest.raises(ExpressionLimitExceeded, match="longer than 20 characters"):
            feel.compile("1 + 1 + 1 + 1 + 1 + 1 + 1")
    finally:
        feel.set_limits(before)
