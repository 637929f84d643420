"""Departments that call: known by their signature, and by nothing else."""

from datetime import datetime

from flask import Request

from onething.api.bodies import JSON_LIMIT_BYTES
from onething.api.rates import SharedRate
from onething.connectors import signatures
from onething.connectors.signatures import Message, Secret
from onething.errors import LockedOut, NotSignedIn, TooLarge, TooOften
from onething.runtime import Host

_NOBODY = Secret("-", b"nobody signs by this secret")
"""Stands in for the secret of a department without a hook, so that both take the same time."""


class Signers:
    """Checks the signatures of departments, and counts what comes at all nodes together."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._failures = SharedRate(host, "unsigned")
        self._deliveries = SharedRate(host, "hook")

    def require(self, request: Request, department: str) -> None:
        """Let a request pass whose department signed it just now.

        Whatever is wrong with the signature, the answer is the same.

        Raises:
            TooLarge: Its body is longer than allowed; it was not read.
            NotSignedIn: The signature is none, or of somebody else, or too old.
            LockedOut: Too many such requests came from this address within a minute.
            TooOften: The department sends more than was agreed.
        """
        if (request.content_length or 0) > JSON_LIMIT_BYTES:
            raise TooLarge(f"A JSON body has at most {JSON_LIMIT_BYTES} bytes")
        now, address = self._host.clock(), request.remote_addr or ""
        if not self._is_signed(request, department, now):
            until = self._failures.over(address, self._host.settings.sign_in_per_minute, now)
            raise NotSignedIn("Sign the request as agreed") if until is None else LockedOut(until)
        self._count(department, now)

    def _is_signed(self, request: Request, department: str, now: datetime) -> bool:
        hook = self._host.hooks.get(department)
        query = request.query_string.decode("latin-1")
        message = Message(
            method=request.method,
            target=request.script_root + request.path + (f"?{query}" if query else ""),
            body=request.get_data(),
            key=request.headers.get("Idempotency-Key", ""),
        )
        signed = signatures.is_request_signed(
            hook.agreement.secret if hook else _NOBODY,
            request.headers.get("Authorization", ""),
            message,
            now=now.timestamp(),
            window_s=hook.agreement.window_s if hook else signatures.WINDOW_S,
        )
        return signed is not None and hook is not None

    def _count(self, department: str, now: datetime) -> None:
        until = self._deliveries.over(department, self._host.hooks[department].per_minute, now)
        if until is not None:
            raise TooOften(until)
