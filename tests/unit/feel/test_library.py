import pytest

from onething import feel
from onething.feel.library import BUILTINS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("foobar", -2, 1)', "a"),
        ('string length("𠮷野")', "2"),
        ('matches("aBc", "^ABC$", "i")', "true"),
        ('replace("abracadabra", "a(.)", "<$1>")', "<b>r<c><d><b>ra"),
        ('split("a;b;;c", ";")', '["a", "b", "", "c"]'),
        ('string join(["a", null, "b"], ",")', "a,b"),
        ("decimal(2.5, 0)", "2"),
        ("round half up(-2.5, 0)", "-3"),
        ("floor(-1.5)", "-2"),
        ("modulo(-12, 5)", "3"),
        ("max(1, 3, 2)", "3"),
        ("sum([1, 2, 3])", "6"),
        ("median([1, 4, 2, 3])", "2.5"),
        ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
        ("sort(list: [3, 1, 2], precedes: function(x, y) x > y)", "[3, 2, 1]"),
        ("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),
        ("distinct values([1, 2, 1])", "[1, 2]"),
        ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
        ("list replace([1, 2], function(item, new) item = 2, 9)", "[1, 9]"),
        ("index of([1, 2, 1], 1)", "[1, 3]"),
        ("all([true, null])", "null"),
        ("any([])", "false"),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', "{a: {b: 1, c: 2}}"),
        ('get value({a: 1}, "a")', "1"),
        ('number("1 234,5", " ", ",")', "1234.5"),
        ('is(time("23:00:50Z"), time("23:00:50"))', "false"),
        ("overlaps([1..5], [5..8])", "true"),
        ("before([1..5), [5..8])", "true"),
        ("during(3, (1..5))", "true"),
        ('range("[1..5)")', "[1..5)"),
        ('day of week(date("2026-11-23"))', "Monday"),
        ('week of year(date("2027-01-01"))', "53"),
    ],
)
def test_a_built_in_function_answers_as_chapter_10_says(text_of, text, expected):
    assert text_of(text) == expected


def test_named_and_positional_arguments_agree(value_of):
    named = value_of('substring(start position: 2, string: "abc")')

    assert named == value_of('substring("abc", 2)') == "bc"


def test_a_list_of_one_stands_for_its_value(value_of):
    assert value_of('upper case(["a"])') == "A"


def test_a_call_with_wrong_arguments_gives_null_and_says_why(env):
    value = feel.compile('floor("a")').evaluate({}, env)

    assert value is None
    assert [warning.message for warning in env.warnings] == ['n is string, not number: floor("a")']


def test_functions_come_from_outside_too(env):
    env.functions = {"twice": lambda number: number * 2}

    value = feel.compile("twice(4)").evaluate({}, env)

    assert value == 8


def test_every_built_in_names_its_parameters():
    assert all(function.signatures for function in BUILTINS.values())
