"""The API's blueprint: authentication, errors and routes from one table of endpoints."""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from onething.api import handlers
from onething.api.callers import Callers
from onething.api.endpoints import ENDPOINTS, PREFIX, Endpoint
from onething.api.openapi import description
from onething.errors import InvalidInput, NotSignedIn, OnethingError, TooLarge
from onething.feel.json import parse
from onething.runtime import Host

MAX_DEPTH = 64
JSON = "application/json"
PROBLEM = "application/problem+json"


def blueprint(host: Host) -> Blueprint:
    """Return the blueprint of the API for one node."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    callers = Callers(host)
    api.before_request(lambda: _authenticate(callers))
    api.register_error_handler(OnethingError, _problem)
    api.register_error_handler(HTTPException, _http_problem)
    for endpoint in ENDPOINTS:
        view = _view(host, endpoint, getattr(handlers, endpoint.handler))
        api.add_url_rule(
            endpoint.path, endpoint.handler, view, methods=[endpoint.method]
        )
    api.add_url_rule("/openapi.json", "openapi", lambda: _answer(description(host), 200))
    return api


def is_api(path: str) -> bool:
    """Whether a request's path belongs to the API."""
    return path.startswith(PREFIX)


def _authenticate(callers: Callers) -> None:
    """Find the person behind the bearer token; every endpoint but the description needs one."""
    if request.endpoint == "api.openapi":
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("Send a bearer token: Authorization: Bearer …")
    g.actor = callers.find(token.strip())


def _view(
    host: Host, endpoint: Endpoint, handler: Callable[..., tuple[Any, int]]
) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        asked = handlers.Asked(
            host=host,
            actor=g.actor,
            body=_body(endpoint),
            key=_key(),
            query=request.args,
            files=request.files,
            path=path,
        )
        return _answer(*handler(asked))

    return view


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= 200:  # noqa: PLR2004 - said in the description
        raise InvalidInput("An Idempotency-Key has 1 to 200 characters")
    return key


def _body(endpoint: Endpoint) -> Any:  # noqa: ANN401 - any JSON value
    if endpoint.method == "GET" or request.mimetype == "multipart/form-data":
        return {}
    data = request.get_data()
    if endpoint.takes == "application/zip" or not data:
        return data or {}
    if request.mimetype != JSON:
        raise InvalidInput(f"Send {endpoint.takes}, not {request.mimetype or 'nothing'}")
    try:
        body = parse(data)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"The body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise InvalidInput("The body is a JSON object")
    _check_depth(body)
    return body


def _check_depth(body: Any) -> None:  # noqa: ANN401 - any JSON value
    """Refuse JSON nested deeper than any form is."""
    level, here = 0, [body]
    while here:
        level += 1
        if level > MAX_DEPTH:
            raise TooLarge(f"The body is nested deeper than {MAX_DEPTH}")
        here = [
            inner
            for value in here
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, (dict, list))
        ]


def _answer(body: Any, status: int) -> Response:  # noqa: ANN401 - any JSON value
    return Response(orjson.dumps(body, default=_plain), status, mimetype=JSON)


def _plain(value: object) -> object:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    as_float = float(value)  # type: ignore[arg-type] - Decimal is what is left
    return int(as_float) if as_float.is_integer() else as_float


def _problem(error: OnethingError) -> Response:
    """Answer with problem details. Source: RFC 9457."""
    body: dict[str, Any] = {
        "type": f"/docs/errors#{error.code}",
        "title": (type(error).__doc__ or "").partition("\n")[0],
        "status": error.status,
        "detail": error.message,
        "code": error.code,
    }
    body |= {
        name: getattr(error, name)
        for name in ("fields", "case_no")
        if getattr(error, name, None)
    }
    if hasattr(error, "findings"):
        body["findings"] = [
            {name: getattr(one, name) for name in one.__slots__} for one in error.findings
        ]
    answer = Response(orjson.dumps(body), error.status, mimetype=PROBLEM)
    if error.status == NotSignedIn.status:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _http_problem(error: HTTPException) -> Response:
    status = error.code or 500
    body = {"type": "about:blank", "title": error.name, "status": status, "detail": ""}
    body["detail"] = error.description or ""
    current_app.logger.debug("api: %s", error)
    return Response(orjson.dumps(body), status, mimetype=PROBLEM)
