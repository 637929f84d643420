"""Calls over HTTP: only what the contract names goes out, only what it names comes in."""

import time
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import httpx
from jsonschema import Draft202012Validator, ValidationError

from onething import tracing
from onething.connectors.contracts import Operation, Schema
from onething.connectors.pace import Pace
from onething.errors import (
    AnswerInvalid,
    AnswerPending,
    ConnectorError,
    DepartmentRefused,
    DepartmentUnavailable,
    InvalidInput,
)
from onething.feel.json import canonical, parse

ANSWER_BYTES = 1024 * 1024
"""The longest answer that is read."""
ANSWER_WITHIN = timedelta(days=3)
"""So long a call that was taken (202) waits for its answer, where the site says nothing else."""

_OK = 200
_ACCEPTED = 202
_TOO_MANY = 429
_SERVER_ERRORS = 500
_REASONS = {404: "NO_RECORD", 409: "CONFLICT", 410: "REVOKED"}
_LARGEST_EXPONENT = 30
_SHOWN = 200


class HttpConnector:
    """Calls departments at their base addresses.

    ``base_urls`` maps a department's code to the address of its system; ``*`` stands for all
    the others. The client is the caller's to configure (certificates, proxies) and to close.
    """

    def __init__(
        self, base_urls: Mapping[str, str], client: httpx.Client, pace: Pace | None = None
    ) -> None:
        self._base_urls = dict(base_urls)
        self._client = client
        self._pace = pace or Pace()

    def call(
        self,
        operation: Operation,
        inputs: Mapping[str, Any],
        idempotency_key: str,
        case_no: str,
        purpose: str = "",
    ) -> dict[str, Any]:
        """Call a department and return its answer, reduced to the declared fields.

        Optional inputs that are None are left out. The purpose of the contract is sent when
        none is given.

        Raises:
            InvalidInput: the inputs do not follow the contract; nothing was sent.
            DepartmentRefused: it answered NO_RECORD, CONFLICT or REVOKED.
            DepartmentUnavailable: it could not be reached, failed, or took too long; what it
                did is unknown, so that the call is repeated with the same idempotency key.
            AnswerInvalid: it answered something else than the contract says.
            AnswerPending: it has taken the call (202) and answers later.
        """
        body = _checked_inputs(operation, inputs)
        if not self._pace.wait(operation.id, operation.per_second, operation.timeout_s):
            raise DepartmentUnavailable(f"{operation.id}: too many calls wait for their turn")
        request = self._client.build_request(
            "POST",
            self._address(operation),
            content=canonical(body),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                # A packed answer could unfold beyond every bound.
                "Accept-Encoding": "identity",
                # A department that answers twice would give the next call, which may be of
                # another case, the second answer.
                "Connection": "close",
                "Idempotency-Key": quote(idempotency_key, safe=""),
                "X-Case-Number": quote(case_no, safe=""),
                "X-Purpose": quote(purpose or operation.purpose, safe=""),
                "X-Legal-Basis": quote("; ".join(operation.legal_basis), safe=""),
            },
            timeout=operation.timeout_s,
        )
        name = f"call {operation.department}"
        with tracing.span(name, "client", operation=operation.id, case_no=case_no):
            request.headers.update(tracing.headers())
            status, content = self._send(operation, request)
            return _answer(operation, status, content)

    def _address(self, operation: Operation) -> str:
        base = self._base_urls.get(operation.department) or self._base_urls.get("*")
        if not base:
            raise ConnectorError(f"no address is set for the department {operation.department}")
        return f"{base.rstrip('/')}/{operation.department}{operation.path}"

    def _send(self, operation: Operation, request: httpx.Request) -> tuple[int, bytes]:
        """Send and read within the time and size allowed."""
        deadline = time.monotonic() + operation.timeout_s
        try:
            response = self._client.send(request, stream=True, follow_redirects=False)
            try:
                return response.status_code, _read(operation, response, deadline)
            finally:
                response.close()
        except httpx.HTTPError as error:
            reason = f"{operation.id}: {type(error).__name__}: {error}"
            raise DepartmentUnavailable(reason) from error


def _read(operation: Operation, response: httpx.Response, deadline: float) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise AnswerInvalid(f"{operation.id}: the answer is packed although none was asked for")
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > ANSWER_BYTES:
            raise AnswerInvalid(f"{operation.id}: the answer is longer than {ANSWER_BYTES} bytes")
        # The client bounds each wait; an answer in drops would still never end.
        if time.monotonic() > deadline:
            raise DepartmentUnavailable(f"{operation.id}: no whole answer in time")
    return bytes(content)


def checked_answer(operation: Operation, answer: object) -> dict[str, Any]:
    """Return an answer reduced to the declared fields; raise AnswerInvalid where it breaks them."""
    kept = _declared(answer, operation.answer)
    faults = _faults(operation.answer_check, kept)
    if faults:
        raise AnswerInvalid(f"{operation.id}: {'; '.join(faults)}")
    return dict(kept)


def _answer(operation: Operation, status: int, content: bytes) -> dict[str, Any]:
    if status >= _SERVER_ERRORS or status == _TOO_MANY:
        raise DepartmentUnavailable(f"{operation.id}: answered {status}")
    if status == _ACCEPTED:
        raise AnswerPending(ANSWER_WITHIN)
    try:
        answer = parse(content)
    except (ValueError, RecursionError) as error:
        raise AnswerInvalid(f"{operation.id}: answered {status} without JSON") from error
    if status in _REASONS:
        raise _refusal(operation, status, answer)
    if status != _OK:
        told = str(answer.get("message", "")) if isinstance(answer, dict) else ""
        raise AnswerInvalid(f"{operation.id}: answered {status} {told[:_SHOWN]}".rstrip())
    return checked_answer(operation, answer)


def _refusal(operation: Operation, status: int, answer: object) -> ConnectorError:
    """Take a refusal only in the agreed form: a stray 404 is not "no record"."""
    if not isinstance(answer, dict) or answer.get("code") != _REASONS[status]:
        return AnswerInvalid(f"{operation.id}: answered {status} without its reason")
    return DepartmentRefused(_REASONS[status], str(answer.get("message") or "")[:_SHOWN] or None)


def _checked_inputs(operation: Operation, inputs: Mapping[str, Any]) -> dict[str, Any]:
    required = operation.inputs["required"]
    body = {key: value for key, value in inputs.items() if value is not None or key in required}
    fields: dict[str, str] = {}
    for error in operation.input_check.iter_errors(body):
        path = ".".join(map(str, error.absolute_path))
        fields[path] = _told(error)
    if fields:
        named = "; ".join(f"{path or 'inputs'}: {told}" for path, told in fields.items())
        raise InvalidInput(f"{operation.id}: {named}", fields)
    return body


def _declared(value: Any, schema: Schema) -> Any:  # noqa: ANN401 - any JSON value
    """Keep the declared fields only: nothing else of an answer is stored."""
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return {key: _declared(part, known[key]) for key, part in value.items() if key in known}
    if isinstance(value, list) and "items" in schema:
        return [_declared(part, schema["items"]) for part in value]
    return value


def _faults(check: Draft202012Validator, answer: Any) -> list[str]:  # noqa: ANN401 - JSON
    faults = [
        f"{'.'.join(map(str, error.absolute_path)) or 'answer'}: {_told(error)}"
        for error in check.iter_errors(answer)
    ]
    return faults or _endless_numbers(answer)


def _told(error: ValidationError) -> str:
    """Say which rule is broken; never the value: messages are logged, values are personal."""
    if error.validator in {"required", "additionalProperties"}:
        return error.message[:_SHOWN]
    return f"breaks {error.validator}"


def _endless_numbers(value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    """Find numbers like 1e999999999, which are short to send and endless to write out."""
    if isinstance(value, Decimal):
        lowest = value.as_tuple().exponent
        fits = isinstance(lowest, int) and lowest >= -_LARGEST_EXPONENT
        return (
            [] if fits and value.adjusted() <= _LARGEST_EXPONENT else ["a number is out of range"]
        )
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [fault for part in value for fault in _endless_numbers(part)]
    return []
