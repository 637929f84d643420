from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from onething import feel


@pytest.fixture
def env() -> feel.Environment:
    return feel.Environment(now=datetime(2026, 11, 23, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture
def value_of(env: feel.Environment) -> Callable[..., feel.Value]:
    """Evaluate an expression with variables and give its value."""

    def evaluate(text: str, **variables: feel.Value) -> feel.Value:
        return feel.compile(text, frozenset(variables)).evaluate(variables, env)

    return evaluate


@pytest.fixture
def text_of(value_of) -> Callable[..., str]:
    """Evaluate an expression and write its value as FEEL's string() does."""

    def evaluate(text: str, **variables: feel.Value) -> str:
        return feel.text_of(value_of(text, **variables))

    return evaluate
