"""The API: authentication, errors and routes from one table of endpoints."""

import re
from collections.abc import Callable

from flask import Blueprint, Flask, Response, g, request
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound as NoSuchPath

from onething import runtime
from onething.api import (
    batch_handlers,
    bodies,
    clock_handlers,
    handlers,
    hold_handlers,
    hook_handlers,
    problems,
    subscription_handlers,
)
from onething.api.asked import Answer, Asked
from onething.api.callers import Callers
from onething.api.endpoints import ENDPOINTS, PREFIX, Endpoint
from onething.api.openapi import description
from onething.api.signers import Signers
from onething.errors import InvalidInput, NotFound, NotSignedIn
from onething.identity import SYSTEM
from onething.runtime import Host

MAX_KEY_CHARS = 200
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_PARAMETER = re.compile(r"<\w+>")
Handler = Callable[[Asked], Answer]
_MODULES = {
    "batches": batch_handlers,
    "clocks": clock_handlers,
    "holds": hold_handlers,
    "hooks": hook_handlers,
    "subscriptions": subscription_handlers,
}
"""Where the endpoints of a tag stand; the others stand in `handlers`."""
_CONFIRMING = {f"api.{one.handler}" for one in ENDPOINTS if one.confirms}


_GUARD = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""Answers are data: no browser shall show, keep or guess at them."""
_SECURE = _GUARD | {"Strict-Transport-Security": "max-age=31536000"}


def create_app(host: Host) -> Flask:
    """Return the application for the programs of one node.

    It is not the pages': programs carry a bearer token, so no cookie is ever read for them.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = host.settings.body_limit_bytes
    app.register_blueprint(_blueprint(host))
    problems.register(app, host.clock)
    app.after_request(_guard)
    return app


def _guard(response: Response) -> Response:
    response.headers.update(_SECURE if request.is_secure else _GUARD)
    return response


def _blueprint(host: Host) -> Blueprint:
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    callers, signers = Callers(host), Signers(host)
    api.before_request(lambda: _authenticate(callers, signers))
    for endpoint in ENDPOINTS:
        module = _MODULES.get(endpoint.tag, handlers)
        handler: Handler = getattr(module, endpoint.handler)
        api.add_url_rule(
            endpoint.path,
            endpoint.handler,
            _view(host, endpoint, handler),
            methods=[endpoint.method],
        )
    api.add_url_rule("/openapi.json", "openapi", lambda: bodies.answer(description(), 200))
    # Without this rule an unknown path would be answered with a page.
    api.add_url_rule("/<path:rest>", "unknown", _unknown, methods=_METHODS)
    return api


def _authenticate(callers: Callers, signers: Signers) -> None:
    """Find the person behind the bearer token; every endpoint but the description needs one.

    Departments that deliver by themselves sign instead.
    """
    if request.endpoint == "api.openapi":
        return
    if request.endpoint == "api.receive_hook":
        signers.require(request, (request.view_args or {})["department"])
        g.actor = SYSTEM
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("Send a bearer token: Authorization: Bearer …")
    is_confirmed = request.endpoint in _CONFIRMING
    g.actor = callers.find(token.strip(), request.remote_addr or "", is_confirmed=is_confirmed)


def _view(host: Host, endpoint: Endpoint, handler: Handler) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        return _serve(host, endpoint, handler, path)

    return view


def _serve(host: Host, endpoint: Endpoint, handler: Handler, path: dict[str, str]) -> Response:
    asked = Asked(
        host=host,
        actor=g.actor,
        body=bodies.read(request, endpoint),
        key=_key(),
        query=request.args,
        files=request.files if endpoint.takes_files else {},
        path=path,
    )
    try:
        return bodies.answer(*handler(asked))
    except NotFound:
        if endpoint.method != "GET":  # what only reads has logged the attempt itself
            _log_refused(asked, endpoint)
        raise


def _log_refused(asked: Asked, endpoint: Endpoint) -> None:
    """Write into the access log that somebody reached for what is not there for them."""
    case_no = asked.path.get("case_no")
    target = next(iter(asked.path.values()), "")
    page = f"api {endpoint.handler} {target}"
    runtime.log_access(asked.host, asked.actor, case_no, page, (), allowed=False)


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= MAX_KEY_CHARS:
        raise InvalidInput("An Idempotency-Key has 1 to 200 characters")
    return key


def _unknown(rest: str) -> Response:
    """Say that there is no such path, or that it takes another method."""
    path = f"/{rest}"
    allowed = [one.method for one in ENDPOINTS if _fits(one, path)]
    if path == "/openapi.json":
        allowed = ["GET"]
    if allowed:
        raise MethodNotAllowed(allowed)
    raise NoSuchPath(f"The API has no path {PREFIX}{path}")


def _fits(endpoint: Endpoint, path: str) -> bool:
    return re.fullmatch(_PARAMETER.sub("[^/]+", endpoint.path), path) is not None
