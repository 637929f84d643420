"""What one node of a diagram says of clocks: its `onething:clock.*` properties, read."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from onething.clocks import KINDS, Kind, Why
from onething.errors import InvalidInput


class Told:
    """The `onething:clock.*` properties of one mark."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        self._properties = properties

    def text(self, name: str) -> str | None:
        """Return one property's text; None where the model names none."""
        value = self._properties.get(f"clock.{name}")
        return value.strip() or None if isinstance(value, str) else None

    def texts(self, name: str) -> list[str]:
        """Return one property's list of texts; what is no text is left out."""
        value = self._properties.get(f"clock.{name}")
        given = value if isinstance(value, list) else []
        return [one.strip() for one in given if isinstance(one, str)]

    def kinds(self, name: str) -> Iterator[Kind]:
        """Yield the kinds of clock that a property names, by comma.

        Raises:
            InvalidInput: One is no kind of clock.
        """
        for part in (self.text(name) or "").split(","):
            wanted = part.strip()
            kind = next((one for one in KINDS if one == wanted), None)
            if kind is not None:
                yield kind
            elif wanted:
                raise InvalidInput(f"onething:clock.{name} names no kind of clock: {wanted}")

    def day(self, name: str) -> date | None:
        """Return one property's date; raise InvalidInput for a text that is none."""
        told = self.text(name)
        try:
            return None if told is None else date.fromisoformat(told)
        except ValueError:
            raise InvalidInput(f"onething:clock.{name} is no date: {told}") from None

    @property
    def item(self) -> str | None:
        """The item whose clocks are meant; None means those of the whole case."""
        item = self.text("item") or self._properties.get("item")
        return item if isinstance(item, str) and item else None

    def why(self, by: str | None) -> Why:
        """Return the reason in public words, who stands for it, and the law's article."""
        basis = self.text("basis") or self._properties.get("basis") or ""
        return Why(self.text("reason") or "", self.text("approver") or by, str(basis))

    @property
    def decides(self) -> bool:
        """Whether the node says itself which clocks start: then none starts by default."""
        return "clock.start" in self._properties
