"""Sequence flows, mappings and data associations."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow between two nodes of the same scope."""

    id: str
    source: str
    target: str
    condition: Any = None
    """Compiled FEEL expression, or None."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One line of a `zeebe:ioMapping`: a FEEL value for a variable path."""

    source: Any
    target: tuple[str, ...]
    """Variable name, then keys inside its context."""


@dataclass(frozen=True, slots=True)
class Association:
    """A data association: one variable that becomes another."""

    source: str
    target: str
    change: Any = None
    """Compiled transformation, or None for a copy."""
