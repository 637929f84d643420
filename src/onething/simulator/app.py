"""The simulator's HTTP face: the departments' addresses, and its own behind ``/_``."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import waitress
from flask import Flask, Response, request

from onething.errors import InvalidInput, OnethingError
from onething.feel.json import canonical, parse
from onething.now import Clock, system_clock
from onething.simulator.exchange import Exchange, Reply, Request
from onething.simulator.records import Records
from onething.simulator.seed import load_seed

_BODY_BYTES = 1024 * 1024
_THREADS = 16


def create_app(
    records: Records,
    clock: Clock = system_clock,
    pause: Callable[[float], None] = time.sleep,
) -> Flask:
    """Make the WSGI application that answers from these records.

    ``POST /<department>/<path>`` answers an operation. ``PUT`` and ``DELETE
    /_faults/<department>`` set and take away faults, ``PUT`` and ``GET /_records/<kind>``
    load and show records, ``GET /_received?case=`` shows the log, ``POST /_reset`` starts
    anew (with ``{"seed": false}`` without any record).
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _BODY_BYTES
    exchange = Exchange(records, clock, pause)
    app.extensions["exchange"] = exchange
    app.register_error_handler(OnethingError, _told)
    _route_departments(app, exchange)
    _route_faults(app, exchange)
    _route_records(app, exchange)
    return app


def serve(host: str, port: int, db_path: str | Path, clock: Clock = system_clock) -> None:
    """Serve until stopped; a new database begins with the seed."""
    records = Records(db_path)
    if not records.find("people"):
        load_seed(records)
    waitress.serve(create_app(records, clock), host=host, port=port, threads=_THREADS, ident=None)


def _route_departments(app: Flask, exchange: Exchange) -> None:
    @app.post("/<department>/<path:tail>")
    def call(department: str, tail: str) -> Response:
        """Answer one operation of a department."""
        headers = request.headers
        reply = exchange.answer(
            Request(
                operation=f"{department}.{tail.replace('/', '.')}",
                body=_body(),
                key=unquote(headers.get("Idempotency-Key", "")),
                case=unquote(headers.get("X-Case-Number", "")),
                purpose=unquote(headers.get("X-Purpose", "")),
            )
        )
        return _response(reply)


def _route_faults(app: Flask, exchange: Exchange) -> None:
    @app.get("/_faults")
    def faults() -> Response:
        return _json(exchange.faults.list())

    @app.put("/_faults/<department>")
    def set_fault(department: str) -> Response:
        asked = _object()
        exchange.faults.set(
            department, str(asked.get("mode")), asked.get("operation"), asked.get("times")
        )
        return _json(exchange.faults.list())

    @app.delete("/_faults/<department>")
    def clear_faults(department: str) -> Response:
        exchange.faults.clear(department)
        return _json(exchange.faults.list())


def _route_records(app: Flask, exchange: Exchange) -> None:
    @app.get("/_health")
    def health() -> Response:
        return _json({"ready": True})

    @app.get("/_received")
    def received() -> Response:
        return _json(exchange.received(request.args.get("case")))

    @app.put("/_records/<kind>")
    def put_records(kind: str) -> Response:
        given = _body()
        rows = given if isinstance(given, list) else [given]
        if not all(isinstance(row, dict) for row in rows):
            raise InvalidInput("a record is a JSON object")
        exchange.records.load(kind, rows)
        return _json({"kept": len(rows)})

    @app.get("/_records/<kind>")
    def get_records(kind: str) -> Response:
        return _json(exchange.records.find(kind, **request.args.to_dict()))

    @app.post("/_reset")
    def reset() -> Response:
        asked = _object() if request.data else {}
        exchange.forget()
        if asked.get("seed", True):
            load_seed(exchange.records)
        return _json({"people": len(exchange.records.find("people"))})


def _body() -> Any:  # noqa: ANN401 - any JSON value
    try:
        return parse(request.get_data())
    except (ValueError, RecursionError) as error:
        raise InvalidInput("the body is no JSON") from error


def _object() -> dict[str, Any]:
    body = _body()
    if not isinstance(body, dict):
        raise InvalidInput("the body is no JSON object")
    return body


def _json(value: Any, status: int = 200) -> Response:  # noqa: ANN401 - any JSON value
    return _response(Reply(status, canonical(value)))


def _response(reply: Reply) -> Response:
    return Response(reply.content, reply.status, content_type=reply.content_type)


def _told(error: Exception) -> Response:
    """Answer an error of ours with its code and sentence."""
    known = error if isinstance(error, OnethingError) else OnethingError()
    return _json({"code": known.code, "message": known.message}, known.status)
