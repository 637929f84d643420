"""What a step reads from outside: the time, the calendar and the limits."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from onething import feel


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep a step finite."""

    automatic_steps: int = 20_000
    """Automatic moves of tokens in one command; then an incident."""
    depth: int = 60
    """Scopes inside scopes, called processes counted; then an incident."""
    rounds: int = 10_000
    """Instances of one multi-instance activity; then an incident."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a step reads from outside; the event of the step records it."""

    now: datetime
    """Aware, in UTC."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    """The legal time zone: dates without zone are in it."""
    calendar: Any = None
    limits: Limits = field(default_factory=Limits)
    functions: dict[str, Any] = field(default_factory=dict)
    """Built-in functions for FEEL beside the standard ones."""

    @classmethod
    def unset(cls) -> "Context":
        """Return the context of a state that is not in a step."""
        return _UNSET

    def environment(self) -> feel.Environment:
        """Return what FEEL reads from outside."""
        return feel.Environment(now=self.now.astimezone(self.zone), functions=self.functions)


_UNSET = Context(datetime(1970, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))
