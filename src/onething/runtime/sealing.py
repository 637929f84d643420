"""What lies beside the history under a key: payloads, answers, snapshots, early messages."""

import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onething.feel.json import canonical, parse
from onething.history import CaseKey

_NONCE_BYTES = 12


class CaseSeal:
    """Seals and opens under the key of one case."""

    def __init__(self, key: CaseKey) -> None:
        self.key = key

    def close(self, value: Mapping[str, Any]) -> bytes:
        """Seal the JSON object of an outbox row."""
        return self.key.seal(canonical(value), "outbox")

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Open what `close` made."""
        value: dict[str, Any] = parse(self.key.open(sealed, "outbox"))
        return value

    def close_state(self, snapshot: bytes) -> bytes:
        """Seal a snapshot."""
        return self.key.seal(snapshot, "snapshot")

    def open_state(self, sealed: bytes) -> bytes:
        """Open a snapshot."""
        return self.key.open(sealed, "snapshot")


class SiteSeal:
    """Digests and seals what belongs to no case yet, under keys drawn from the master key."""

    def __init__(self, master: bytes) -> None:
        self._digest_key = hmac.digest(master, b"onething digest", "sha256")
        self._cipher = AESGCM(hmac.digest(master, b"onething site seal", "sha256"))

    def digest(self, value: Any) -> str:  # noqa: ANN401 - any JSON value
        """Return a keyed hash of a JSON value: 64 hexadecimal digits that tell nothing of it."""
        return hmac.new(self._digest_key, canonical(value), hashlib.sha256).hexdigest()

    def close(self, value: Any) -> bytes:  # noqa: ANN401 - any JSON value
        """Seal a JSON value."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, canonical(value), b"site")

    def open(self, sealed: bytes) -> Any:  # noqa: ANN401 - any JSON value
        """Open what `close` made."""
        return parse(self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], b"site"))
