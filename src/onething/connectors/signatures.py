"""Signatures over requests and answers by a shared secret, in one documented form.

A signed request carries ``Authorization: ONETHING-HMAC-SHA256 key="…", timestamp="…",
nonce="…", signature="…"``; the signature is the HMAC, in hexadecimal digits, of these lines::

    ONETHING-HMAC-SHA256        the scheme; ONETHING-HMAC-SM3 with SM3
    POST                        the method
    /police/household/get       the path, with ? and query where there is one
    1780275600                  seconds since 1970, UTC
    2f1c…                       the nonce: new for every request
    0192…                       the Idempotency-Key, or an empty line
    9f86…                       the digest of the body, in hexadecimal digits

A signed answer carries the same in ``X-Signature``, with the nonce of its request; method and
path are replaced by the status. Source: RFC 2104 (HMAC); GB/T 32905 (SM3).
"""

import hmac
import re
from dataclasses import dataclass, field
from typing import Literal, get_args

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

Algorithm = Literal["sha256", "sm3"]
ALGORITHMS: tuple[str, ...] = get_args(Algorithm)
ANSWER_HEADER = "X-Signature"
WINDOW_S = 300
"""So far apart the clocks of sender and receiver may be."""
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
_SCHEME = "ONETHING-HMAC-"
_LONGEST = 1_000
_FORM = re.compile(
    r'([A-Z0-9-]{1,40}) key="([^"]{1,100})", timestamp="([0-9]{1,12})", '
    r'nonce="([^"]{1,100})", signature="([0-9a-f]{64})"'
)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that two parties share, and its public name."""

    key_id: str
    value: bytes = field(repr=False)
    algorithm: Algorithm = "sha256"

    @property
    def scheme(self) -> str:
        """The name of the form that signatures by this secret have."""
        return _SCHEME + self.algorithm.upper()


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature in its header says of itself."""

    scheme: str
    key_id: str
    timestamp: int
    nonce: str
    signature: str


@dataclass(frozen=True, slots=True)
class Message:
    """The signed parts of a request."""

    method: str
    target: str
    """Path, with ? and query where there is one."""
    body: bytes
    key: str = ""
    """The idempotency key as it stands in its header."""


def sign_request(secret: Secret, message: Message, *, timestamp: int, nonce: str) -> str:
    """Return the value of the Authorization header."""
    return _header(secret, timestamp, nonce, _of_request(secret, message, timestamp, nonce))


def sign_answer(secret: Secret, status: int, body: bytes, *, timestamp: int, nonce: str) -> str:
    """Return the value of the X-Signature header; the nonce is that of the request."""
    return _header(secret, timestamp, nonce, _of_answer(secret, status, body, timestamp, nonce))


def read(header: str) -> Signed | None:
    """Take a signature header apart; None for anything else."""
    found = _FORM.fullmatch(header) if len(header) <= _LONGEST else None
    if found is None:
        return None
    scheme, key_id, timestamp, nonce, signature = found.groups()
    return Signed(scheme, key_id, int(timestamp), nonce, signature)


def is_request_signed(
    secret: Secret, header: str, message: Message, *, now: float, window_s: float = WINDOW_S
) -> Signed | None:
    """Return what a request's header says when the secret signed it now; else None.

    That the nonce is new is the caller's to check. The comparison takes the same time wherever
    the signatures differ.
    """
    signed = read(header)
    if signed is None:
        return None
    right = _of_request(secret, message, signed.timestamp, signed.nonce)
    return _confirmed(secret, signed, right, now, window_s)


def is_answer_signed(  # noqa: PLR0913 - the parts of one answer
    secret: Secret,
    header: str,
    status: int,
    body: bytes,
    *,
    nonce: str,
    now: float,
    window_s: float = WINDOW_S,
) -> bool:
    """Whether the secret signed this answer to the request of this nonce, now."""
    signed = read(header)
    if signed is None or signed.nonce != nonce:
        return False
    right = _of_answer(secret, status, body, signed.timestamp, nonce)
    return _confirmed(secret, signed, right, now, window_s) is not None


def _confirmed(
    secret: Secret, signed: Signed, right: str, now: float, window_s: float
) -> Signed | None:
    is_right = hmac.compare_digest(right, signed.signature)
    is_ours = signed.scheme == secret.scheme and signed.key_id == secret.key_id
    return signed if is_right and is_ours and abs(now - signed.timestamp) <= window_s else None


def _header(secret: Secret, timestamp: int, nonce: str, signature: str) -> str:
    parts = f'key="{secret.key_id}", timestamp="{timestamp}", nonce="{nonce}"'
    return f'{secret.scheme} {parts}, signature="{signature}"'


def _of_request(secret: Secret, message: Message, timestamp: int, nonce: str) -> str:
    lines = (message.method, message.target, str(timestamp), nonce, message.key)
    return _signature(secret, lines, message.body)


def _of_answer(secret: Secret, status: int, body: bytes, timestamp: int, nonce: str) -> str:
    return _signature(secret, (str(status), str(timestamp), nonce), body)


def _signature(secret: Secret, lines: tuple[str, ...], body: bytes) -> str:
    algorithm = _HASHES[secret.algorithm]()
    digest = hashes.Hash(algorithm)
    digest.update(body)
    text = "\n".join((secret.scheme, *lines, digest.finalize().hex()))
    code = HMAC(secret.value, algorithm)
    code.update(text.encode())
    return code.finalize().hex()
