"""Expressions of a model: `=` and FEEL, or a literal text."""

from typing import Any

from onething import feel
from onething.engine.context import FUNCTIONS
from onething.engine.parsing.references import Document
from onething.errors import ExpressionError

_SHOWN = 80
"""Characters of a refused expression that a finding shows."""
_REMEDY = "Write the expression in FEEL, with a leading =."


def attribute(document: Document, element: Any, text: str | None) -> Any:
    """Compile a text that is FEEL behind `=`, else a literal; None stays None."""
    if text is None:
        return None
    try:
        return feel.compile_attribute(text, FUNCTIONS)
    except ExpressionError as failure:
        _refuse(document, element, text, failure.message)
        return None


def formula(document: Document, element: Any, text: str | None) -> Any:
    """Compile a text that must be FEEL; None and nothing stay None."""
    if text is None or not text.strip():
        return None
    stripped = text.strip()
    if not stripped.startswith("="):
        if stripped in {"true", "false"} or stripped.isdigit():
            stripped = "=" + stripped
        else:
            _refuse(document, element, stripped, "it does not begin with =")
            return None
    return attribute(document, element, stripped)


def _refuse(document: Document, element: Any, text: str, why: str) -> None:
    if document.is_drawing:
        return
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    message = f"the expression {shown!r} is no FEEL: {why}"
    document.findings.add(document.name, element, "expression", message, _REMEDY)
