"""Answers to a form as they come in: JSON, or the fields of an HTML form."""

from collections.abc import Mapping
from typing import Any


def plain(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as a JSON object that keeps every value of an HTML form."""
    if hasattr(answers, "getlist"):
        return {name: answers.getlist(name) for name in answers}
    return dict(answers)


def put_at(answers: dict[str, Any], path: str, value: str) -> None:
    """Append a value to the list at a dotted path of nested answers."""
    head, _, rest = path.partition(".")
    if rest:
        inner = answers.get(head)
        answers[head] = dict(inner) if isinstance(inner, Mapping) else {}
        put_at(answers[head], rest, value)
    else:
        held = answers.get(head)
        answers[head] = [*(held if isinstance(held, list) else []), value]
