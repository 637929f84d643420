"""The end of a call, whatever the other side does.

The client bounds each wait for a piece; a header that comes in drops would still never end.
"""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Any, Self

_MADE = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class CutOff:
    """Cuts the connection of one request when its time is over; `trace` hears of connections."""

    def __init__(self, within_s: float) -> None:
        self._timer = threading.Timer(within_s, self._cut)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self.is_over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        self._socket = None

    def trace(self, name: str, told: dict[str, Any]) -> None:
        """Remember a connection; the transport calls this where a request asks for it."""
        if name in _MADE:
            self._socket = told["return_value"].get_extra_info("socket")
            if self.is_over:
                self._cut()

    def _cut(self) -> None:
        self.is_over = True
        found = self._socket
        if found is not None:
            with contextlib.suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)
