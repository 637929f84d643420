"""Departments that report by themselves: signed webhooks to the product."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from onething.connectors import signatures
from onething.connectors.signatures import Message, Secret
from onething.errors import InvalidInput
from onething.feel.json import canonical

_TRIES = 5
_BETWEEN_S = 0.5
_WITHIN_S = 10.0
_GIVEN_UP = 400
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Callback:
    """Where a department reports to, and how."""

    url: str
    secret: Secret
    after_s: float = 0.0
    """So long after the call its answer is sent."""
    copies: int = 1
    """How often each delivery is sent, whatever it is answered."""


class Callbacks:
    """Sends what departments report; ``now`` tells seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._callbacks: dict[str, Callback] = {}

    def set(self, department: str, asked: dict[str, Any]) -> None:
        """Let a department report; raise InvalidInput where it is not said to whom."""
        texts = [asked.get(one) for one in ("url", "key_id", "secret")]
        if not all(isinstance(one, str) and one for one in texts):
            raise InvalidInput("a callback has a url, a key_id and a secret")
        url, key_id, secret = (str(one) for one in texts)
        self._callbacks[department] = Callback(
            url=url,
            secret=Secret(key_id, secret.encode(), asked.get("algorithm", "sha256")),
            after_s=float(asked.get("after_s", 0)),
            copies=int(asked.get("copies", 1)),
        )

    def clear(self) -> None:
        """Let nobody report any more."""
        self._callbacks = {}

    def report(self, department: str, body: dict[str, Any], delivery: str = "") -> None:
        """Send in a thread of its own, after the department's wait; try again when it fails."""
        callback = self._callbacks.get(department)
        if callback is not None:
            name = delivery or secrets.token_hex(16)
            work = threading.Thread(target=self._deliver, args=(callback, name, body), daemon=True)
            work.start()

    def send(self, department: str, body: dict[str, Any], delivery: str = "") -> httpx.Response:
        """Send now, once, and return what is answered; raise InvalidInput without a callback."""
        callback = self._callbacks.get(department)
        if callback is None:
            raise InvalidInput(f"{department} reports to nobody: PUT /_callbacks/{department}")
        return self._post(callback, delivery or secrets.token_hex(16), canonical(body))

    def _deliver(self, callback: Callback, delivery: str, body: dict[str, Any]) -> None:
        time.sleep(callback.after_s)
        content = canonical(body)
        for _copy in range(callback.copies):
            for _attempt in range(_TRIES):
                try:
                    if self._post(callback, delivery, content).status_code < _GIVEN_UP:
                        break
                except httpx.HTTPError as error:
                    _log.warning("callback", error=type(error).__name__)
                time.sleep(_BETWEEN_S)

    def _post(self, callback: Callback, delivery: str, content: bytes) -> httpx.Response:
        message = Message("POST", urlsplit(callback.url).path, content, delivery)
        signature = signatures.sign_request(
            callback.secret, message, timestamp=int(self._now()), nonce=secrets.token_hex(16)
        )
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": delivery,
            "Authorization": signature,
        }
        return httpx.post(callback.url, content=content, headers=headers, timeout=_WITHIN_S)
