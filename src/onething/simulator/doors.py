"""Departments that ask who calls: by a signature, or by a token of their own endpoint."""

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from onething.connectors import signatures
from onething.connectors.signatures import Message, Secret
from onething.errors import InvalidInput, NotSignedIn

_WAYS = ("hmac", "oauth")
_TOKEN_S = 600


@dataclass(slots=True)
class Door:
    """What one department asks of its callers."""

    way: str
    name: str
    """Id of the key or of the client."""
    secret: Secret
    signed_answers: bool = False
    token_s: int = _TOKEN_S
    tokens: dict[str, float] = field(default_factory=dict)
    """Until when each token holds."""
    nonces: dict[str, float] = field(default_factory=dict)


class Doors:
    """The departments that ask, by code; safe for several threads. The others let everybody in.

    ``now`` tells seconds since 1970.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._doors: dict[str, Door] = {}
        self._lock = threading.Lock()

    def set(self, department: str, asked: dict[str, Any]) -> None:
        """Let a department ask; raise InvalidInput where it is not said how."""
        way, name, value = (asked.get(one) for one in ("way", "name", "secret"))
        if way not in _WAYS or not isinstance(name, str) or not isinstance(value, str):
            raise InvalidInput(f"a door has a way ({', '.join(_WAYS)}), a name and a secret")
        if asked.get("algorithm", "sha256") not in signatures.ALGORITHMS:
            raise InvalidInput(f"algorithm is {' or '.join(signatures.ALGORITHMS)}")
        secret = Secret(name, value.encode(), asked.get("algorithm", "sha256"))
        token_s = asked.get("token_s", _TOKEN_S)
        door = Door(way, name, secret, bool(asked.get("signed_answers")), int(token_s))
        with self._lock:
            self._doors[department] = door

    def clear(self, department: str | None = None) -> None:
        """Open the door of one department, or of all."""
        with self._lock:
            kept = {} if department is None else self._doors
            kept.pop(department or "", None)
            self._doors = kept

    def withdraw_tokens(self) -> None:
        """Let no token hold any more."""
        with self._lock:
            for door in self._doors.values():
                door.tokens.clear()

    def enter(self, department: str, header: str, message: Message) -> Door | None:
        """Return the door that a caller passed, or None where nobody asks.

        Raises:
            NotSignedIn: The caller is not who the department wants.
        """
        with self._lock:
            door = self._doors.get(department)
            if door is not None and not self._is_known(door, header, message):
                raise NotSignedIn
        return door

    def sign(self, door: Door | None, header: str, status: int, body: bytes) -> str | None:
        """Return the signature of an answer, where the department signs."""
        signed = signatures.read(header)
        if door is None or not door.signed_answers or signed is None:
            return None
        return signatures.sign_answer(
            door.secret, status, body, timestamp=int(self._now()), nonce=signed.nonce
        )

    def give_token(self, client: str, secret: str) -> dict[str, Any]:
        """Return a token for a client of any department.

        Raises:
            NotSignedIn: No department knows the client by this secret.
        """
        with self._lock:
            for door in self._doors.values():
                known = hmac.compare_digest(door.secret.value, secret.encode())
                if door.way == "oauth" and door.name == client and known:
                    token = secrets.token_urlsafe(24)
                    door.tokens[token] = self._now() + door.token_s
                    told = {"access_token": token, "token_type": "Bearer"}
                    return told | {"expires_in": door.token_s}
        raise NotSignedIn

    def _is_known(self, door: Door, header: str, message: Message) -> bool:
        now = self._now()
        if door.way == "oauth":
            return now < door.tokens.get(header.removeprefix("Bearer "), 0.0)
        signed = signatures.is_request_signed(door.secret, header, message, now=now)
        if signed is None or signed.nonce in door.nonces:
            return False
        limit = now - 2 * signatures.WINDOW_S
        door.nonces = {nonce: at for nonce, at in door.nonces.items() if at > limit}
        door.nonces[signed.nonce] = now
        return True
