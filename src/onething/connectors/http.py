"""Calls over HTTP: only what the contract names goes out, only what it names comes in."""

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import httpx
from cryptography.x509 import Certificate
from jsonschema import Draft202012Validator, ValidationError

from onething import tracing
from onething.connectors import certificates
from onething.connectors.authentication import Anonymous, Authentication
from onething.connectors.bounded import bounded, require_plain
from onething.connectors.contracts import Operation, Schema
from onething.connectors.cut_off import CutOff
from onething.connectors.pace import Pace
from onething.errors import (
    AnswerInvalid,
    AnswerPending,
    CertificateInvalid,
    ConnectorError,
    DepartmentRefused,
    DepartmentUnavailable,
    InvalidInput,
)
from onething.feel.json import canonical, parse

ANSWER_WITHIN = timedelta(days=3)
"""So long a call that was taken (202) waits for its answer, where the site says nothing else."""

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_OK = 200
_ACCEPTED = 202
_UNSIGNED = 401
_TOO_MANY = 429
_SERVER_ERRORS = 500
_UNAVAILABLE = 503
_REASONS = {404: "NO_RECORD", 409: "CONFLICT", 410: "REVOKED"}
_GRACE_S = 0.5
"""So long a wait that ran out may take to be told, before the connection is cut."""
_MEANT = (_OK, _ACCEPTED, *_REASONS)
"""Statuses by which a department says something, and must prove that it does."""
_LARGEST_EXPONENT = 30
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one department's system."""

    url: str
    """Its base address."""
    client: httpx.Client
    """Made, with its certificates and proxies, and closed by the caller."""
    authentication: Authentication = field(default_factory=Anonymous)
    timeout_s: float | None = None
    """Seconds for a whole call, in place of the contract's."""
    answer_within: timedelta = ANSWER_WITHIN
    certificate: Certificate | None = None
    """The own certificate that is shown; one that does not hold is not."""


class HttpConnector:
    """Calls departments at their base addresses.

    ``base_urls`` maps a department's code to the address of its system, all reached by one
    client; ``lines`` maps it to a way of its own. ``*`` stands for all the others. Clients are
    the caller's to configure (certificates, proxies) and to close.
    """

    def __init__(
        self,
        base_urls: Mapping[str, str],
        client: httpx.Client | None = None,
        pace: Pace | None = None,
        *,
        lines: Mapping[str, Line] | None = None,
    ) -> None:
        self._lines = dict(lines or {})
        if client is not None:
            self._lines |= {code: Line(url, client) for code, url in base_urls.items() if url}
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
            CertificateInvalid: its certificate does not hold, or the own one does not.
        """
        body = checked_inputs(operation, inputs)
        line = self._line(operation)
        timeout_s = line.timeout_s or operation.timeout_s
        if not self._pace.wait(operation.id, operation.per_second, timeout_s):
            told = f"{operation.id}: too many calls wait for their turn"
            raise DepartmentUnavailable(told, may_have_acted=False)
        request = line.client.build_request(
            "POST",
            f"{line.url.rstrip('/')}/{operation.department}{operation.path}",
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
            timeout=timeout_s,
        )
        name = f"call {operation.department}"
        with tracing.span(name, "client", operation=operation.id, case_no=case_no):
            request.headers.update(tracing.headers())
            status, content = _sent(operation, line, request, timeout_s)
            if status == _ACCEPTED:
                raise AnswerPending(line.answer_within)
            return _answer(operation, status, content)

    def _line(self, operation: Operation) -> Line:
        line = self._lines.get(operation.department) or self._lines.get("*")
        if line is None:
            raise ConnectorError(f"no address is set for the department {operation.department}")
        return line


def _sent(
    operation: Operation, line: Line, request: httpx.Request, timeout_s: float
) -> tuple[int, bytes]:
    """Send and read within the time and size allowed; once more where a token was refused."""
    if line.certificate is not None:
        whose = f"this site for {operation.department}"
        certificates.require_valid(line.certificate, whose, datetime.now(UTC))
    deadline = time.monotonic() + timeout_s
    line.authentication.sign(request)
    with CutOff(timeout_s + _GRACE_S) as cut_off:
        request.extensions["trace"] = cut_off.trace
        try:
            answer = _opened(line, request)
            with closing(answer):
                if answer.status_code >= _SERVER_ERRORS or answer.status_code == _TOO_MANY:
                    told = f"{operation.id}: answered {answer.status_code}"
                    has_acted = not _has_done_nothing(answer, operation, deadline)
                    raise DepartmentUnavailable(told, may_have_acted=has_acted)
                content = _content(answer, operation, deadline)
        except httpx.HTTPError as error:
            if cut_off.is_over:
                told = f"{operation.id}: no whole answer in time"
                raise DepartmentUnavailable(told) from error
            raise _unsent(operation, request, error) from error
    if answer.status_code in _MEANT:
        line.authentication.check(request, answer, content)
    return answer.status_code, content


def _content(answer: httpx.Response, operation: Operation, deadline: float) -> bytes:
    require_plain(answer, operation.id)
    return b"".join(bounded(answer.iter_bytes(), operation.id, deadline))


def _has_done_nothing(answer: httpx.Response, operation: Operation, deadline: float) -> bool:
    """Whether a department that fails has surely not acted.

    It has not where it takes no call (429), or says so itself (503) in the agreed form: the 503
    of a proxy does not know.
    """
    if answer.status_code != _UNAVAILABLE:
        return answer.status_code == _TOO_MANY
    try:
        said = parse(_content(answer, operation, deadline))
    except (AnswerInvalid, ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("code") == "UNAVAILABLE"


def _opened(line: Line, request: httpx.Request) -> httpx.Response:
    """Send a request and return its answer, still to be read."""
    answer = line.client.send(request, stream=True, follow_redirects=False)
    if answer.status_code != _UNSIGNED:
        return answer
    try:
        is_renewed = line.authentication.renew(request)
    except BaseException:
        answer.close()
        raise
    if not is_renewed:
        return answer
    answer.close()
    return line.client.send(request, stream=True, follow_redirects=False)


def _unsent(operation: Operation, request: httpx.Request, error: Exception) -> ConnectorError:
    """Tell a certificate that does not hold, which no repetition mends, from a bad line."""
    fault = certificates.fault(error)
    if fault is None:
        told = f"{operation.id}: {type(error).__name__}: {error}"
        return DepartmentUnavailable(told, may_have_acted=not isinstance(error, _NEVER_SENT))
    host, port = request.url.host, request.url.port or 443
    shown = certificates.served(host, port, operation.timeout_s)
    if shown is not None:
        try:
            certificates.require_valid(shown, operation.department, datetime.now(UTC))
        except CertificateInvalid as expired:
            return expired
    return CertificateInvalid(f"{operation.department}: TLS refused a certificate: {fault}")


def checked_answer(operation: Operation, answer: object) -> dict[str, Any]:
    """Return an answer reduced to the declared fields; raise AnswerInvalid where it breaks them."""
    kept = _declared(answer, operation.answer)
    faults = _faults(operation.answer_check, kept)
    if faults:
        raise AnswerInvalid(f"{operation.id}: {'; '.join(faults)}")
    return dict(kept)


def _answer(operation: Operation, status: int, content: bytes) -> dict[str, Any]:
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


def checked_inputs(operation: Operation, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may leave, empty optional fields left out; raise InvalidInput for all else."""
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
