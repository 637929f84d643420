"""A site whose workers are processes of their own, before a department that counts.

Run as `python -m unit.worker.site DATA_DIR DATABASE_URL DEPARTMENT_URL NAME` it is one worker.
"""

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
from sqlalchemy.exc import SQLAlchemyError

from onething import runtime
from onething.connectors import HttpConnector
from onething.db import Database
from onething.history import Ed25519Signer
from onething.runtime import Host, Node
from onething.settings import Settings
from onething.worker import Worker

PATIENCE_S = 60
"""Longest wait for another thread or process; nothing is measured by it."""


def wait_for(is_so: Callable[[], object], told: Callable[[], object] = lambda: "") -> None:
    """Return as soon as it is so."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, told()
        time.sleep(0.02)


class Department:
    """A department that does the work of each key once, and lets its callers wait when told."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        """The key of each call that came, in order."""
        self.work: Counter[str] = Counter()
        """How often the work of each key was done."""
        self.answered = 0
        self.may_answer = threading.Event()
        self._lock = threading.Lock()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on a free port; give the address."""
        handler = type("Handler", (_Handler,), {"department": self})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            self.may_answer.set()
            server.shutdown()
            thread.join()
            server.server_close()

    def take(self, key: str) -> None:
        """Note a call, do its work if it is not done, and wait until answers are let go."""
        with self._lock:
            self.calls.append(key)
            if key not in self.work:
                self.work[key] += 1
        self.may_answer.wait(PATIENCE_S)

    def gone(self) -> None:
        """Note that an answer is on its way."""
        with self._lock:
            self.answered += 1


class _Handler(BaseHTTPRequestHandler):
    department: Department

    def do_POST(self) -> None:
        """Verify whoever is asked for."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.department.take(unquote(self.headers["Idempotency-Key"]))
        body = json.dumps({"matches": True, "alive": True}).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            return  # the caller was killed
        finally:
            self.department.gone()

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


def opened(folder: Path, database: Database, department: str) -> Host:
    """Open a node of the site."""
    settings = Settings(data_dir=folder, beat_seconds=1)
    way = HttpConnector({"*": department}, httpx.Client())
    return runtime.open_host(settings, departments=way, database=database)


@contextmanager
def working(host: Host, name: str) -> Iterator[Worker]:
    """Run a worker in this process, with its heartbeat."""
    node, ended = Node(name, "worker", "here"), threading.Event()
    assert runtime.enter_node(host, node)

    def beat() -> None:
        while not ended.wait(host.settings.beat_seconds):
            with suppress(SQLAlchemyError):
                runtime.beat_node(host, node)

    beats = threading.Thread(target=beat)
    beats.start()
    worker = Worker(host, Ed25519Signer(bytes(32)), name)
    worker.start()
    try:
        yield worker
    finally:
        ended.set()
        beats.join()
        worker.stop()


def main(folder: str, url: str, department: str, name: str) -> None:
    """Work until killed."""
    with working(opened(Path(folder), Database(url), department), name) as worker:
        worker.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
