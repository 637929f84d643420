"""A department's receiver of webhooks: a real HTTP server that may be slow, rude or down."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_S = 60


@dataclass
class Call:
    """One call that came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Receiver:
    """What the receiver heard, and how it answers."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler, Call], int] = lambda _handler, _call: 204
    """Returns the status; may write to the handler itself and return 0."""
    running: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def ids(self) -> list[str]:
        return [call.event["id"] for call in self.calls]

    @property
    def types(self) -> list[str]:
        return [call.event["type"] for call in self.calls]

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < until, self.ids
            time.sleep(0.02)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            call = Call({name.lower(): value for name, value in self.headers.items()}, body)
            with receiver.lock:
                receiver.running += 1
                receiver.most_at_once = max(receiver.most_at_once, receiver.running)
                receiver.calls.append(call)
            try:
                status = receiver.answer(self, call)
            finally:
                with receiver.lock:
                    receiver.running -= 1
            if status:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
