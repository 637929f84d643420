"""Values that departments gave for one application, and the names under which a case keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

DATA, OBJECTIONS = "sharedData", "sharedObjections"
"""Variables of a case: what came from departments, and what its applicant says is wrong."""


@dataclass(frozen=True, slots=True)
class SharedValue:
    """One value that a department gave."""

    path: str
    value: Any
    operation: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SharedData:
    """What departments told for one application, or that they were not to be asked."""

    application: str
    """Idempotency key of what is sent."""
    is_agreed: bool
    values: Mapping[str, SharedValue] = field(default_factory=dict)
    """By path."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """By path: why nothing came: late, away, none or unfit."""
    decided_at: datetime | None = None
    """When the person agreed or refused; None: when the values were asked for."""

    @property
    def consent(self) -> dict[str, str]:
        """What history keeps of the consent; nothing where nobody was ever asked."""
        asked = max((one.at for one in self.values.values()), default=None)
        at = self.decided_at or asked
        word = "agreed" if self.is_agreed else "refused"
        return {} if at is None else {"consent": word, "at": at.isoformat()}
