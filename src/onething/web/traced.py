"""Requests as spans: by method, route and status; never by address or query."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from onething import tracing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNSEEN = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked for every few seconds by machines."""


def trace_requests(app: Flask, *, accepts: bool) -> None:
    """Make each request a span.

    Args:
        app: The application.
        accepts: Whether a caller's `traceparent` is gone on with; anybody may send one.
    """
    inner: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]] = app.wsgi_app

    def traced(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") in _UNSEEN:
            return inner(environ, start_response)
        given = environ.get("REQUEST_METHOD", "")
        method = given if given in _METHODS else "_OTHER"
        parent = environ.get("HTTP_TRACEPARENT") if accepts else None
        with tracing.span(method, "server", parent=parent):
            tracing.tell(http__request__method=method)
            return inner(environ, start_response)

    def told(response: Response) -> Response:
        if request.path in _UNSEEN:
            return response
        if request.url_rule is not None:
            method = request.method if request.method in _METHODS else "_OTHER"
            route = request.url_rule.rule
            tracing.tell(f"{method} {route}", http__route=route)
        tracing.tell(http__response__status_code=response.status_code)
        return response

    app.wsgi_app = traced  # type: ignore[method-assign]  # Flask's own way to wrap it
    app.after_request(told)
