"""Damaged models end in a value or a refusal: never in a crash."""

import random
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onething import decisions, feel
from onething.errors import OnethingError

MODEL = Path(__file__).with_name("dish-from-camunda-modeler.dmn").read_text(encoding="utf-8")
TEXTS = ["", "(", "null", "[1..", "?", "{a: 1}", "1..3", "season.x", "dish"]
ATTRIBUTE = re.compile(r' [\w:]+="[^"]*"')
TEXT = re.compile(r"(?<=<text>)[^<]*")
ELEMENT = re.compile(r"<(\w+) id=[^>]*>.*?</\1>", re.DOTALL)


def damaged(rng):
    text = MODEL
    for _ in range(rng.randint(1, 5)):
        pattern, new = rng.choice(
            [(ATTRIBUTE, ""), (TEXT, rng.choice(TEXTS)), (ELEMENT, ""), (ELEMENT, "<list/>")]
        )
        place = rng.choice(list(pattern.finditer(text)) or [re.match("", text)])
        text = text[: place.start()] + new + text[place.end() :]
    return text.encode()


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_model_gives_a_value_or_is_refused(seed):
    rng = random.Random(seed)  # noqa: S311 - repeatable choices, no secrets
    ended = []

    for _ in range(30):
        env = feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC))
        try:
            model = decisions.parse(damaged(rng), "dish.dmn", lenient=True)
            ended += [model.evaluate(name, {"season": 1}, env).value for name in model.decisions]
            ended += [decisions.analyse(table) for table in model.tables]
        except OnethingError as error:
            ended.append(error)

    assert ended
