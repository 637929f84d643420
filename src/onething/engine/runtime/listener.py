"""Listeners: what an instance waits for from outside or from itself."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["timer", "message", "signal", "condition"]


@dataclass(slots=True)
class Listener:
    """One event definition that is armed for a token or a scope."""

    id: str
    kind: Kind
    owner: str
    """Id of the token, or of the scope for the start of an event sub-process."""
    node: str
    """Id of the event node, or of the event sub-process."""
    part: int = 0
    """Which of the node's event definitions."""
    name: str = ""
    key: str | None = None
    due: str = ""
    """Instant in ISO 8601, UTC, for timers."""
    left: int = 0
    """Rounds that a repeating timer still has; -1 without end."""
    value: bool = False
    """What a condition gave last."""

    def record(self) -> list[Any]:
        """Return the fields in their order, for the snapshot."""
        return [getattr(self, name) for name in Listener.__slots__]
