"""How a call proves who calls: not at all, by a signature, or by a token."""

import secrets
import time
from collections.abc import Callable
from typing import Protocol

import httpx

from onething.connectors import signatures
from onething.connectors.oauth import TokenSource
from onething.connectors.signatures import Message, Secret
from onething.errors import AnswerInvalid


class Authentication(Protocol):
    """What a department asks of its callers."""

    def sign(self, request: httpx.Request) -> None:
        """Give a request what proves the caller."""

    def renew(self, request: httpx.Request) -> bool:
        """Whether a request that was answered 401 is worth a second try, now signed anew."""

    def check(self, request: httpx.Request, answer: httpx.Response, content: bytes) -> None:
        """Raise AnswerInvalid where the department does not prove its answer."""


class Anonymous:
    """Nothing proves the caller, or TLS alone does."""

    def sign(self, request: httpx.Request) -> None:
        """Give nothing."""

    def renew(self, request: httpx.Request) -> bool:  # noqa: ARG002 - the protocol's
        """Never: there is nothing to renew."""
        return False

    def check(self, request: httpx.Request, answer: httpx.Response, content: bytes) -> None:
        """Take every answer."""


class Signature:
    """Both sides sign by a shared secret."""

    def __init__(
        self,
        secret: Secret,
        *,
        signed_answers: bool = False,
        window_s: float = signatures.WINDOW_S,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._secret = secret
        self._signed_answers = signed_answers
        self._window_s = window_s
        self._now = now

    def sign(self, request: httpx.Request) -> None:
        """Sign the request under a new nonce."""
        nonce = secrets.token_hex(16)
        request.extensions["nonce"] = nonce
        message = Message(
            method=request.method,
            target=request.url.raw_path.decode(),
            body=request.content,
            key=request.headers.get("Idempotency-Key", ""),
        )
        request.headers["Authorization"] = signatures.sign_request(
            self._secret, message, timestamp=int(self._now()), nonce=nonce
        )

    def renew(self, request: httpx.Request) -> bool:  # noqa: ARG002 - the protocol's
        """Never: a signature that was refused once is refused again."""
        return False

    def check(self, request: httpx.Request, answer: httpx.Response, content: bytes) -> None:
        """Hold the answer's signature against the request's nonce."""
        if self._signed_answers and not signatures.is_answer_signed(
            self._secret,
            answer.headers.get(signatures.ANSWER_HEADER, ""),
            answer.status_code,
            content,
            nonce=request.extensions["nonce"],
            now=self._now(),
            window_s=self._window_s,
        ):
            raise AnswerInvalid("The answer is not signed as agreed")


class Token:
    """A bearer token that the department's token endpoint gives to known clients."""

    def __init__(self, source: TokenSource) -> None:
        self._source = source

    def sign(self, request: httpx.Request) -> None:
        """Carry the token that holds now."""
        request.headers["Authorization"] = f"Bearer {self._source.token()}"

    def renew(self, request: httpx.Request) -> bool:
        """Carry a new token; True, since the old one may have been withdrawn."""
        refused = request.headers["Authorization"].removeprefix("Bearer ")
        request.headers["Authorization"] = f"Bearer {self._source.renewed(refused)}"
        return True

    def check(self, request: httpx.Request, answer: httpx.Response, content: bytes) -> None:
        """Take every answer."""
