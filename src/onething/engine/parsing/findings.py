"""What is wrong with a model, collected until the whole model was read."""

from dataclasses import dataclass, field
from typing import Any

from onething.errors import Finding, ModelRefused

MOST = 200
"""A broken model is refused with its first findings, not with a million."""


@dataclass(slots=True)
class Findings:
    """The findings of one bundle."""

    found: list[Finding] = field(default_factory=list)

    def add(  # noqa: PLR0913 - a finding has these six parts
        self,
        file: str,
        element: Any,
        rule: str,
        message: str,
        remedy: str,
        line: int | None = None,
    ) -> None:
        """Note an error at an XML element; None means the whole file, or a line of it."""
        if len(self.found) < MOST:
            name = "" if element is None else element.get("id") or local(element)
            line = line if element is None else element.sourceline
            self.found.append(Finding(file, name, rule, message, remedy, "error", line))

    def settle(self) -> None:
        """Raise ModelRefused if anything was found."""
        if self.found:
            raise ModelRefused(self.found)


def local(element: Any) -> str:
    """Return an XML element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
