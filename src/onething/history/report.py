"""What a verification found."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "edited row",
    "deleted row",
    "swapped rows",
    "inserted row",
    "recomputed chain",
    "unreadable value",
    "checkpoint",
    "archive",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad row of one chain, or one bad line of the checkpoint file."""

    kind: Kind
    chain: str
    """Instance id, `access_log`, or the checkpoint file's name."""
    place: int
    """Sequence of the event, number of the reading or of the line."""
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.chain} {self.place}: {self.message}"


@dataclass(slots=True)
class Report:
    """The outcome: how much was read, and every fault, at most one a chain."""

    instances: int = 0
    events: int = 0
    values: int = 0
    """Sealed values that were opened and match their commitment."""
    erased: int = 0
    """Instances whose key was deleted: their chains are checked, their values cannot be."""
    readings: int = 0
    checkpoints: int = 0
    archived: int = 0
    """Instances read from archive files."""
    elsewhere: int = 0
    """Instances whose archive files are not here: proved by the heads of their chains alone."""
    unproven: int = 0
    """Events that no checkpoint proves yet."""
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    @property
    def first(self) -> Fault | None:
        """The first fault, or None."""
        return self.faults[0] if self.faults else None
