"""A file that lies in the store and waits for its form to be sent: in a draft, in an invitation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from onething.materials import id_of
from onething.runtime.materials.reuse import Reuse


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a form that was not sent, or of an application that is not open yet."""

    field: str
    name: str
    sha256: str
    type: str
    given_by: str = ""
    """Account of the invited where it gave the file; else it is the writer's."""
    reused: Reuse | None = None
    """Where the writer gave or got it before, and agreed to its being used again."""
    material: str | None = None
    """Which material of the service it is, where its field takes several."""

    @property
    def id(self) -> str:
        """The id that it will have as a material."""
        return id_of(self.sha256)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return a file of what `asdict` has made of it."""
        before = kept.get("reused")
        return cls(**{**kept, "reused": Reuse(**before) if before else None})
