"""The type of the values that forms handle."""

from typing import Any, TypeAlias

Json: TypeAlias = Any
"""Any JSON value: context, list, text, truth value, int, Decimal or None; never a float."""
