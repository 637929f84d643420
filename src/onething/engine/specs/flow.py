"""Sequence flows and the mappings of an activity's variables."""

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
