import pytest

from onething import feel


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", 5, True),
        ("", None, True),
        ("< 5", 4, True),
        ("[1..5]", 5, True),
        ("(1..5)", 5, False),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ("not(> 5)", 4, True),
        ("? > 3 and ? < 5", 4, True),
        ("limit", 7, True),
        ("> limit", 8, True),
        ("[1, 2, 3]", 2, True),
        ("null", None, True),
        ("true", False, False),
        ("= 3", 3, True),
        ("!= 3", 3, False),
        ("even(?)", 4, True),
        ("< 5", "a", None),
    ],
)
def test_a_cell_tells_whether_a_value_passes(env, cell, value, expected):
    tests = feel.compile_unary(cell)

    assert tests.matches(value, {"limit": 7}, env) is expected


def test_the_function_not_may_begin_a_longer_condition(env):
    tests = feel.compile_unary("not(? = 1) and ? < 5")

    assert [tests.matches(value, {}, env) for value in (1, 3, 6)] == [False, True, False]
