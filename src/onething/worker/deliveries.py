"""Webhooks of one process: several receivers at once, each by one thread."""

import secrets
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from onething import runtime
from onething.runtime import Host

AT_ONCE = 8
"""So many receivers may be slow before the others wait for them."""
_log = structlog.get_logger()


class Deliveries:
    """Serves the subscriptions that are due, as a round of the worker's loop."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._calls = runtime.sender(host)
        self._owner = secrets.token_hex(8)
        """New at each start: a lease of the process before is waited for, not taken over."""
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(AT_ONCE, "webhook")

        self._is_stopping = threading.Event()

    def round(self) -> int:
        """Begin to serve what is due; return how many subscriptions that were."""
        begun = 0
        while self._free.acquire(blocking=False):
            served = self._begin()
            if served is None:
                self._free.release()
                break
            served.add_done_callback(self._ended)
            begun += 1
        return begun

    def stop(self) -> None:
        """Let every call that runs be answered; what follows it is still due."""
        self._is_stopping.set()
        self._threads.shutdown()

    def _begin(self) -> Future[int] | None:
        try:
            leased = runtime.lease_subscription(self._host, self._owner)
            if leased is None or self._is_stopping.is_set():
                return None
            return self._threads.submit(
                runtime.deliver, self._host, self._calls, leased, self._is_stopping.is_set
            )
        except BaseException:
            self._free.release()
            raise

    def _ended(self, served: Future[int]) -> None:
        self._free.release()
        if (error := served.exception()) is not None:
            _log.error("delivery failed", exc_info=error)
