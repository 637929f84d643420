"""One request as endpoints see it, and what many of them answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onething.errors import InvalidInput
from onething.identity import Actor
from onething.runtime import Host, Receipt

MAX_LIMIT = 200
_WHOLE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, taken apart."""

    host: Host
    actor: Actor
    body: Any
    key: str | None
    query: Mapping[str, str]
    files: Mapping[str, Any]
    path: Mapping[str, str]

    @property
    def limit(self) -> int:
        """How many rows are asked for, 1 to 200."""
        number = whole(self.query.get("limit", "50"))
        if number is None or not 1 <= number <= MAX_LIMIT:
            told = f"limit is 1 to {MAX_LIMIT}"
            raise InvalidInput(told, {"limit": told})
        return number

    @property
    def after(self) -> str | None:
        """Where the last page ended."""
        return self.query.get("after") or None

    def text(self, name: str, *, required: bool = False) -> str:
        """Return a text of the body; raise InvalidInput where it is missing or no text."""
        value = self.body.get(name, "")
        if not isinstance(value, str) or (required and not value):
            raise InvalidInput(f"{name} is a text", {name: "a text is needed"})
        return value

    def object(self, name: str) -> dict[str, Any]:
        """Return an object of the body, empty where it is missing."""
        value = self.body.get(name, {})
        if not isinstance(value, dict):
            raise InvalidInput(f"{name} is an object", {name: "an object is needed"})
        return value

    def day(self, name: str) -> date | None:
        """Return a day of the body, None where it is missing; raise InvalidInput for no day."""
        told = self.text(name)
        try:
            return date.fromisoformat(told) if told else None
        except ValueError:
            raise InvalidInput(f"{name} is a day", {name: "YYYY-MM-DD"}) from None

    def flag(self, name: str) -> bool:
        """Return true or false of the body, false where it is missing."""
        value = self.body.get(name, False)
        if not isinstance(value, bool):
            raise InvalidInput(f"{name} is true or false", {name: "true or false"})
        return value


Answer = tuple[Any, int]


def whole(text: str) -> int | None:
    """Return a number of at most nine ASCII digits, or None: no list is longer."""
    return int(text) if _WHOLE.fullmatch(text) else None


def receipt(receipt: Receipt) -> dict[str, Any]:
    """Return what a command answers: the case and the number of its event."""
    return {"case_no": receipt.case_no, "sequence": receipt.sequence}
