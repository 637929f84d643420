"""Stop a server without cutting anybody off: finish what runs, refuse what comes."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE_S = 25.0
"""So long running requests may take to end; systemd kills after 90 s, Kubernetes after 30 s."""
_LINGER_S = 0.5
"""So long answers have to leave the process, and newcomers are still told to come again."""
_LOOK_EVERY_S = 0.05
_BODY = b"This node is stopping; ask again.\n"
_ASKED_BY_BALANCERS = "/readyz"


class Draining:
    """A WSGI application in front of another that counts its requests and can close its door.

    Args:
        app: The other.
        leave_s: Seconds between telling balancers, by `/readyz`, and closing the door.
    """

    def __init__(self, app: WSGIApplication, leave_s: float = 0) -> None:
        self._app = app
        self._leave_s = leave_s
        self._running = 0
        self._is_closed = False
        self.is_leaving = False
        """Whether balancers are told to send requests elsewhere."""
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request, or 503 with Retry-After once the door is closed."""
        with self._lock:
            is_told = self.is_leaving and environ.get("PATH_INFO") == _ASKED_BY_BALANCERS
            if self._is_closed or is_told:
                return _refuse(start)
            self._running += 1
        try:
            answer = self._app(environ, start)
        except BaseException:
            self._end()
            raise
        return _Counted(answer, self._end)

    def leave(self) -> None:
        """Answer as before, but tell balancers that this node is not ready any more."""
        self.is_leaving = True

    def drain(self, then: Callable[[], None]) -> None:
        """Leave, then close the door; call back when the last request or patience has ended."""
        self.leave()
        self._is_closed = not self._leave_s
        threading.Thread(target=self._wait, args=(then,), name="draining", daemon=True).start()

    def _wait(self, then: Callable[[], None]) -> None:
        time.sleep(self._leave_s)
        self._is_closed = True
        until = time.monotonic() + PATIENCE_S
        while self._running and time.monotonic() < until:
            time.sleep(_LOOK_EVERY_S)
        time.sleep(_LINGER_S)
        then()

    def _end(self) -> None:
        with self._lock:
            self._running -= 1


class _Counted:
    """An answer that says when it has been given in full."""

    def __init__(self, answer: Iterable[bytes], end: Callable[[], None]) -> None:
        self._answer = answer
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        """Close the answer itself, then count it as ended."""
        try:
            close: Any = getattr(self._answer, "close", None)
            if close is not None:
                close()
        finally:
            self._end()


def _refuse(start: StartResponse) -> list[bytes]:
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(_BODY))),
        ("Retry-After", "5"),
    ]
    start("503 Service Unavailable", headers)
    return [_BODY]
