"""Generated and mutated expressions end in a value or a clear error: never a crash or a hang.

`make test-long` runs the long one for an hour, or for FUZZ_SECONDS.
"""

import os
import random
import time
from datetime import UTC, datetime

import pytest

from onething import feel
from onething.errors import ExpressionError

SEEDS = [
    "1 + 2 * 3 ** -2", '"a" + string(x)', "x[item > 1]", "for i in 1..3 return partial",
    "some a in x satisfies a > 1", "if x = null then {a: 1}.a else [1..3)", "x in (< 2, [3..4])",
    'date("2026-01-31") + duration("P1M")', '@"2026-01-01T10:00:00@Asia/Shanghai" - now()',
    "function(a: number, b) a + b", "sort(x, function(a, b) a > b)", "x instance of list<number>",
    'replace("abc", "(b+)", "[$1]")', 'context put({a: 1}, ["b", "c"], 2)', "not(true and x)",
    'split("a;b", ";")', "decimal(1/3, 2)", "count(x) between 1 and 5", "overlaps([1..2], [2..3])",
]  # fmt: skip
PIECES = [*'()[]{}<>=!+-*/.,:?"\\@ \n', "..", "**", "and", "or", "null", "1e99", "x", "年龄", "😀"]


def mutated(rng):
    text = rng.choice(SEEDS)
    for _ in range(rng.randint(0, 6)):
        at = rng.randint(0, len(text))
        choice = rng.random()
        if choice < 0.4:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif choice < 0.7:
            text = text[:at] + text[at + rng.randint(1, 4) :]
        else:
            other = rng.choice(SEEDS)
            text = text[:at] + other[rng.randint(0, len(other)) :] + text[at:]
    return text


def survive(seconds, seed):
    rng, tried = random.Random(seed), 0  # noqa: S311 - repeatable choices, no secrets
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        text = mutated(rng)
        env = feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC))
        env.limits = feel.Limits(rounds=20_000, evaluation_s=2)
        started = time.monotonic()
        try:
            feel.compile(text, frozenset({"x"})).evaluate({"x": [1, 2, 3]}, env)
            feel.compile_unary(text, frozenset({"x"})).matches(2, {"x": 1}, env)
        except ExpressionError:
            pass
        except Exception as error:
            raise AssertionError(f"{text!r} (seed {seed}) raised {error!r}") from error
        assert time.monotonic() - started < 5, text
        tried += 1
    return tried


def test_mutated_expressions_end_in_a_value_or_a_clear_error():
    assert survive(3, 1) > 100


@pytest.mark.long
def test_mutated_expressions_for_an_hour():
    seconds = float(os.environ.get("FUZZ_SECONDS", "3600"))

    assert survive(seconds, int(time.time())) > seconds
