import pytest

from onething import feel
from onething.errors import ExpressionSyntaxError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("-3 ** 2", "9"),
        ("2 ** 3 ** 2", "64"),
        ("(1 + 2) * 3", "9"),
        ("1 < 2 and 2 < 3 or false", "true"),
        ("5 between 1 and 5", "true"),
        ("5 in (1..5)", "false"),
        ("5 in ]4..6[", "true"),
        ("3 in (1, > 2)", "true"),
        ('if 1 > 2 then "a" else "b"', "b"),
        ("for i in 1..3, j in [10, 20] return i * j", "[10, 20, 20, 40, 30, 60]"),
        ("for i in 1..4 return if i = 1 then 1 else i * partial[-1]", "[1, 2, 6, 24]"),
        ("some x in [1, 2] satisfies x > 1", "true"),
        ("every x in [1, 2] satisfies x > 1", "false"),
        ("{a: 1, b: a + 1}.b", "2"),
        ("{f: function(x, y) x - y}.f(y: 1, x: 3)", "2"),
        ('@"2026-11-23" + @"P1D"', "2026-11-24"),
        ("[{a: 1}, {a: 2}].a", "[1, 2]"),
        ("[{a: 1}, {a: 2}][a > 1]", "[{a: 2}]"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][item >= 2]", "[2, 3]"),
        ("[1, 2] instance of list<number>", "true"),
        ('{a: "x"} instance of context<a: number>', "false"),
        ("1 /* one */ + 1 // two", "2"),
        ('"\\u4e00\\n\\""', '一\n"'),
    ],
)
def test_an_expression_has_the_value_that_the_standard_gives_it(text_of, text, expected):
    assert text_of(text) == expected


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("死者.年龄 >= 60", {"死者": {"年龄": 70}}, True),
        ("Loan Amount * 2", {"Loan Amount": 5}, 10),
        ("a-b - 1", {"a-b": 3}, 2),
        ("profit and loss > 1", {"profit and loss": 2}, True),
        ("date of birth = null", {"date of birth": None}, True),
        ("x.date of birth", {"x": {"date of birth": 1}}, 1),
        ("count(count)", {"count": [1, 2]}, 2),
    ],
)
def test_names_hold_spaces_operators_keywords_and_chinese(value_of, text, variables, expected):
    assert value_of(text, **variables) == expected


def test_local_names_hide_outer_ones(value_of):
    value = value_of("for x in [1, 2] return {x: x * 10}.x + y", x=7, y=1)

    assert value == [11, 21]


def test_the_names_an_expression_takes_from_outside_are_known():
    compiled = feel.compile("for i in rows return i.amount + sum(other) + base rate")

    assert compiled.free_names == {"rows", "other", "base rate"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 +", 1, 4),
        ("if a then b", 1, 12),
        ("1 +\n  * 2", 2, 3),
        ("[1, 2", 1, 6),
        ('"open', 1, 1),
        ("{a 1}", 1, 2),
        ("1 2", 1, 3),
        ('@"2026-13-01"', 1, 1),
    ],
)
def test_a_syntax_error_names_line_and_column(text, line, column):
    with pytest.raises(ExpressionSyntaxError) as caught:
        feel.compile(text)

    assert (caught.value.line, caught.value.column) == (line, column)


def test_an_attribute_is_feel_after_an_equals_sign_and_text_without_it(env):
    expression = feel.compile_attribute("=a + 1")
    literal = feel.compile_attribute("a + 1")

    assert expression.evaluate({"a": 1}, env) == 2
    assert literal.evaluate({}, env) == "a + 1"


def test_an_expression_is_compiled_once():
    assert feel.compile("1 + 1") is feel.compile("1 + 1")


def test_a_variable_with_the_name_of_a_function_does_not_hide_the_call(text_of):
    assert text_of("sum([1, 2]) + sum", sum=3) == "6"
