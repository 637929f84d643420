"""Errors as problem details. Source: RFC 9457."""

from datetime import datetime
from typing import Any

import orjson
import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from onething import db
from onething.errors import (
    Finding,
    LockedOut,
    NotSignedIn,
    OnethingError,
    StorageUnavailable,
    TooOften,
)
from onething.now import Clock

PROBLEM = "application/problem+json"
_OF_HTTP = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
}
_OUTAGE_S = 2
"""Seconds after which a caller may ask again when the database did not answer."""
_log = structlog.get_logger()


def register(app: Flask, clock: Clock) -> None:
    """Answer every error of the application with problem details."""
    app.register_error_handler(OnethingError, lambda error: _own(error, clock()))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, lambda error: _other(error, clock()))


def _own(error: OnethingError, now: datetime) -> Response:
    more: dict[str, Any] = {
        name: getattr(error, name) for name in ("fields", "case_no") if getattr(error, name, None)
    }
    findings: list[Finding] = getattr(error, "findings", [])
    if findings:
        more["findings"] = [_finding(one) for one in findings]
    title = (type(error).__doc__ or "").partition("\n")[0]
    answer = _problem(error.status, error.code, title, error.message, more)
    if isinstance(error, LockedOut | TooOften):
        answer.headers["Retry-After"] = str(max(1, int((error.until - now).total_seconds())))
    elif isinstance(error, NotSignedIn):
        answer.headers["WWW-Authenticate"] = 'Bearer realm="onething"'
    return answer


def _finding(one: Finding) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Finding.__slots__}


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    code = _OF_HTTP.get(status, "http")
    answer = _problem(status, code, error.name, error.description or "", {})
    answer.headers.extend(
        (name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")
    )
    return answer


def _other(error: Exception, now: datetime) -> Response:
    if not db.is_outage(error):
        return _unforeseen(error)
    kind = type(error).__name__
    _log.warning("storage unavailable", method=request.method, path=request.path, error=kind)
    answer = _own(StorageUnavailable(), now)
    answer.headers["Retry-After"] = str(_OUTAGE_S)
    return answer


def _unforeseen(error: Exception) -> Response:
    """Answer what nobody foresaw: the log knows more than the caller may."""
    _log.error("request failed", method=request.method, path=request.path, exc_info=error)
    detail = "Something went wrong that has no name yet; the log of the server says what."
    return _problem(500, "internal", "Internal Server Error", detail, {})


def _problem(status: int, code: str, title: str, detail: str, more: dict[str, Any]) -> Response:
    body = {
        "type": f"/docs/errors#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }
    return Response(orjson.dumps(body), status, mimetype=PROBLEM)
