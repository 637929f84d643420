"""Webhooks out: signed, sent once each call, the answer's status alone is read.

Source: Standard Webhooks 1.0 (headers, signed content, form of secrets).
"""

import base64
import binascii
import hmac
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from ssl import SSLContext, create_default_context
from types import TracebackType
from typing import Self

import httpcore

from onething.connectors.destinations import Destinations, Guarded

SECRET_PREFIX = "whsec_"  # noqa: S105 - a prefix, no secret
_SECRET_BYTES = 32
_SUCCESS = range(200, 300)
_REFUSED = range(300, 500)
_TRY_AGAIN = frozenset({408, 425, 429})
_GONE = 410
_CHUNKS = 4
"""So much of an answer is read, each at most 64 KiB."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one call."""

    result: str
    """delivered, refused, gone or failed."""
    told: str
    """In a few words, without anything that the receiver said beyond its status."""


def draw_secret() -> str:
    """Return a new secret as receivers are given it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a call: `v1,` and base64 of an HMAC-SHA256.

    Raises:
        ValueError: The secret has another form.
    """
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a secret is whsec_ and base64") from None
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


class WebhookSender:
    """Makes calls to the addresses that a site allows, each within `timeout_s` seconds."""

    def __init__(self, destinations: Destinations, timeout_s: float) -> None:
        self.destinations = destinations
        self.timeout_s = timeout_s

    @cached_property
    def tls(self) -> SSLContext:
        """What receivers' certificates are checked by: the machine's own authorities."""
        return create_default_context()

    def to(self, url: str) -> "Line":
        """Open a line to one receiver; a connection that lives is used again."""
        return Line(self, url)


class Line:
    """One receiver's connection."""

    def __init__(self, sender: WebhookSender, url: str) -> None:
        self._sender = sender
        self._url = url
        self._guard = Guarded(sender.destinations)
        self._pool = httpcore.ConnectionPool(
            ssl_context=sender.tls if url.startswith("https:") else None,
            max_connections=1,
            network_backend=self._guard,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._pool.close()

    def send(self, event_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> Delivery:
        """Send one event, signed with each secret, and say what came of it.

        Raises:
            InvalidInput: The site does not allow this URL any more.
        """
        self._sender.destinations.check(self._url)
        self._guard.deadline = time.monotonic() + self._sender.timeout_s
        signatures = " ".join(sign(one, event_id, timestamp, body) for one in secrets)
        headers: dict[bytes | str, bytes | str] = {
            "Content-Type": "application/json",
            "User-Agent": "onething",
            "webhook-id": event_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signatures,
        }
        try:
            return _delivery(self._status(body, headers))
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            return Delivery("failed", f"{type(error).__name__}: {error}"[:200])

    def _status(self, body: bytes, headers: Mapping[bytes | str, bytes | str]) -> int:
        with self._pool.stream("POST", self._url, headers=headers, content=body) as response:
            # The status says all; an answer read to its end leaves the connection usable.
            with suppress(httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
                for _chunk in islice(response.iter_stream(), _CHUNKS):
                    pass
            return response.status


def _delivery(status: int) -> Delivery:
    told = f"answered {status}"
    if status in _SUCCESS:
        return Delivery("delivered", told)
    if status == _GONE:
        return Delivery("gone", told)
    if status in _REFUSED and status not in _TRY_AGAIN:
        return Delivery("refused", told)
    return Delivery("failed", told)
