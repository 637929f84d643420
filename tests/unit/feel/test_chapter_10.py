from pathlib import Path

import pytest

from onething import feel

LINES = Path(__file__).with_name("chapter_10.txt").read_text(encoding="utf-8").splitlines()
EXAMPLES = [line.split(" ==> ") for line in LINES if line and not line.startswith("# ")]


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_an_example_of_chapter_10_has_its_value(value_of, text, expected):
    assert feel.text_of(value_of(text), quoted=True) == expected
