"""What lies beside the history under a case's key: outbox rows and snapshots."""

from collections.abc import Mapping
from typing import Any

from onething.feel.json import canonical, parse
from onething.history import CaseKey


class CaseSeal:
    """Seals and opens under the key of one case."""

    def __init__(self, key: CaseKey) -> None:
        self._key = key

    def close(self, value: Mapping[str, Any]) -> bytes:
        """Seal the JSON object of an outbox row."""
        return self._key.seal(canonical(value), "outbox")

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Open what `close` made."""
        value: dict[str, Any] = parse(self._key.open(sealed, "outbox"))
        return value

    def close_state(self, snapshot: bytes) -> bytes:
        """Seal a snapshot."""
        return self._key.seal(snapshot, "snapshot")

    def open_state(self, sealed: bytes) -> bytes:
        """Open a snapshot."""
        return self._key.open(sealed, "snapshot")
