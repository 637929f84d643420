"""The simulator's HTTP face: the departments' addresses, and its own behind ``/_``."""

import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_plus

import waitress
from flask import Flask, Response, request
from werkzeug.serving import make_server

from onething.connectors.signatures import ANSWER_HEADER, Message
from onething.errors import InvalidInput, NotSignedIn, OnethingError
from onething.feel.json import canonical, parse
from onething.now import Clock, system_clock
from onething.simulator.exchange import Exchange, Reply, Request
from onething.simulator.mailroom import Mailroom
from onething.simulator.records import Records
from onething.simulator.seed import load_seed

_BODY_BYTES = 1024 * 1024
_THREADS = 16
_CHUNK = b" " * 65_536


@dataclass(frozen=True, slots=True)
class Tls:
    """How the simulator speaks TLS, and whose certificates its callers must show."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


def create_app(
    records: Records,
    clock: Clock = system_clock,
    pause: Callable[[float], None] = time.sleep,
) -> Flask:
    """Make the WSGI application that answers from these records.

    ``POST /<department>/<path>`` answers an operation. ``PUT`` and ``DELETE
    /_doors/<department>`` let a department ask who calls, ``PUT`` and ``POST
    /_callbacks/<department>`` let it report, ``PUT`` and ``DELETE /_faults/<department>`` set
    and take away faults, ``PUT`` and ``GET /_records/<kind>``
    load and show records, ``GET /_messages`` shows what it was given to send, ``GET
    /_received?case=`` shows the log, ``POST /_reset`` starts
    anew (with ``{"seed": false}`` without any record).
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _BODY_BYTES
    exchange = Exchange(records, clock, pause)
    app.extensions["exchange"] = exchange
    app.register_error_handler(OnethingError, _told)
    _route_departments(app, exchange)
    _route_doors(app, exchange)
    _route_callbacks(app, exchange)
    _route_faults(app, exchange)
    _route_records(app, exchange)
    return app


def serve(  # noqa: PLR0913 - the options of one command
    host: str,
    port: int,
    db_path: str | Path,
    clock: Clock = system_clock,
    *,
    tls: Tls | None = None,
    folders: Sequence[Path] = (),
) -> None:
    """Serve until stopped; a new database begins with the seed."""
    records = Records(db_path)
    if not records.find("people"):
        load_seed(records)
    app = create_app(records, clock)
    for folder in folders:
        Mailroom(app.extensions["exchange"], folder).start()
    if tls is None:
        waitress.serve(app, host=host, port=port, threads=_THREADS, ident=None)
    else:
        make_server(host, port, app, threaded=True, ssl_context=_context(tls)).serve_forever()


def _context(tls: Tls) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(tls.certificate, tls.key)
    if tls.client_ca is not None:
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(tls.client_ca)
    return made


def _route_departments(app: Flask, exchange: Exchange) -> None:
    @app.post("/<department>/<path:tail>")
    def call(department: str, tail: str) -> Response:
        """Answer one operation of a department."""
        headers = request.headers
        shown = headers.get("Authorization", "")
        door = exchange.doors.enter(department, shown, _signed_parts())
        reply = exchange.answer(
            Request(
                operation=f"{department}.{tail.replace('/', '.')}",
                body=_body(),
                key=unquote(headers.get("Idempotency-Key", "")),
                case=unquote(headers.get("X-Case-Number", "")),
                purpose=unquote(headers.get("X-Purpose", "")),
            )
        )
        answer = _response(reply)
        signature = exchange.doors.sign(door, shown, reply.status, reply.content)
        if signature is not None:
            answer.headers[ANSWER_HEADER] = signature
        return answer


def _signed_parts() -> Message:
    query = request.query_string.decode("latin-1")
    target = request.path + (f"?{query}" if query else "")
    key = request.headers.get("Idempotency-Key", "")
    return Message(request.method, target, request.get_data(), key)


def _route_doors(app: Flask, exchange: Exchange) -> None:
    @app.put("/_doors/<department>")
    def set_door(department: str) -> Response:
        exchange.doors.set(department, _object())
        return _json({"asks": department})

    @app.delete("/_doors/<department>")
    def clear_door(department: str) -> Response:
        exchange.doors.clear(department)
        return _json({"asks": None})

    @app.delete("/_oauth/tokens")
    def withdraw() -> Response:
        exchange.doors.withdraw_tokens()
        return _json({"tokens": 0})

    @app.post("/_oauth/token")
    def token() -> Response:
        """Answer as RFC 6749 §4.4 and §5 say."""
        if request.form.get("grant_type") != "client_credentials":
            return _json({"error": "unsupported_grant_type"}, 400)
        known = request.authorization
        try:
            told = (known.username, known.password) if known else (None, None)
            name, secret = (unquote_plus(one or "") for one in told)
            return _json(exchange.doors.give_token(name, secret))
        except NotSignedIn:
            return _json({"error": "invalid_client"}, 401)


def _route_callbacks(app: Flask, exchange: Exchange) -> None:
    @app.put("/_callbacks/<department>")
    def set_callback(department: str) -> Response:
        exchange.callbacks.set(department, _object())
        return _json({"reports": department})

    @app.post("/_callbacks/<department>")
    def report(department: str) -> Response:
        """Let a department report something now; answer what the product answered."""
        asked = _object()
        delivery = str(asked.pop("delivery", ""))
        answered = exchange.callbacks.send(department, asked, delivery)
        return Response(
            answered.content, answered.status_code, content_type=answered.headers["Content-Type"]
        )


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

    @app.get("/_messages")
    def messages() -> Response:
        """Show what it was given to send, the newest first: what a phone or mailbox would show."""
        rows = "".join(map(_told_message, exchange.records.find("sent_messages")[::-1]))
        page = f"<!doctype html><meta charset=utf-8><title>messages</title><ul>{rows}</ul>"
        return Response(page, content_type="text/html; charset=utf-8")

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


def _told_message(row: dict[str, Any]) -> str:
    shown = (row[name] for name in ("sentAt", "channel", "to", "subject", "text"))
    return f"<li>{' | '.join(escape(one) for one in shown)}</li>"


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
    if reply.huge_bytes:
        return Response(_spaces(reply.huge_bytes), reply.status, content_type=reply.content_type)
    return Response(reply.content, reply.status, content_type=reply.content_type)


def _spaces(number: int) -> Iterator[bytes]:
    for _at in range(number // len(_CHUNK)):
        yield _CHUNK


def _told(error: Exception) -> Response:
    """Answer an error of ours with its code and sentence."""
    known = error if isinstance(error, OnethingError) else OnethingError()
    return _json({"code": known.code, "message": known.message}, known.status)
