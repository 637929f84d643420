"""The loop that does what is due, and the threads that run it."""

import socket
import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Connection

from onething import history, messages, runtime
from onething.history import Signer
from onething.runtime import Host
from onething.worker.deliveries import Deliveries
from onething.worker.performing import Performing

_IDLE_S = 0.5
"""So long a thread sleeps when nothing was due."""
_AFTER_ERROR_S = 5.0
_SUPERVISE_EVERY = timedelta(minutes=1)
_log = structlog.get_logger()


class Worker:
    """Threads of one process that perform jobs, fire timers, raise cards and sign checkpoints.

    Each thread runs its own loop; an error in a round is logged and the loop goes on, since
    what it could not do is still due.
    """

    def __init__(self, host: Host, signer: Signer, name: str = "") -> None:
        self._host = host
        self._signer = signer
        self.name = name or socket.gethostname()
        """Stable over restarts: work is claimed under it."""
        self._stop = threading.Event()
        self._checkpoint_at: datetime | None = None
        self._supervise_at: datetime | None = None
        self._supervised_on: date | None = None
        self._deliveries = Deliveries(host)
        self._jobs = Performing(host, self.name)
        rounds = [self._jobs.watch]
        rounds += [self._sweep, self._checkpoint, self._supervise, self._deliveries.round]
        rounds += [self._exchange] if host.drops else []
        rounds.append(self._batches)
        loops = [(self._jobs.relay, self._jobs.rest), *((one, self._stop.wait) for one in rounds)]
        self._threads = [
            threading.Thread(target=self._loop, args=loop, name=f"worker-{at}", daemon=True)
            for at, loop in enumerate(loops)
        ]

    def start(self) -> None:
        """Start the threads."""
        self._jobs.start()
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Let every thread finish its round, then sign a last checkpoint.

        All threads together have `timeout_s`, and the jobs that run as long again: whoever stops
        this process kills it in the end, and then nothing is signed.
        """
        self._stop.set()
        self._jobs.wake()
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._jobs.stop(timeout_s)
        self._deliveries.stop()
        self._sign()

    def wait(self) -> None:
        """Return when the worker is told to stop."""
        self._stop.wait()

    def run_once(self) -> int:
        """Do everything that is due now, in this thread; return how much that was."""
        return runtime.perform_due(self._host) + self._sweep()

    def _loop(self, one_round: Callable[[], int], rest: Callable[[float], object]) -> None:
        while not self._stop.is_set():
            try:
                busy = one_round()
            except Exception:  # noqa: BLE001 - whatever it was, it is logged and still due
                _log.exception("worker round failed", round=one_round.__name__)
                self._stop.wait(_AFTER_ERROR_S)
            else:
                if not busy:
                    rest(_IDLE_S)

    def _sweep(self) -> int:
        fired = runtime.settle_due(self._host)  # before a timer takes the task away
        fired += runtime.fire_timers(self._host) + runtime.start_due(self._host)
        fired += runtime.give_up_waiting(self._host) + runtime.send_reminders(self._host)
        return fired + runtime.deliver_kept(self._host)

    def _exchange(self) -> int:
        return runtime.exchange_files(self._host)

    def _batches(self) -> int:
        return runtime.advance_batches(self._host)

    def _supervise(self) -> int:
        """Raise cards every minute; look at every running clock once a legal day."""
        now = self._host.clock()
        if not _is_due(self._supervise_at, now, _SUPERVISE_EVERY):
            return 0
        today = now.astimezone(self._host.zone).date()
        runtime.tend_appointments(self._host)
        raised = runtime.raise_cards(self._host, every=today != self._supervised_on)
        self._supervised_on, self._supervise_at = today, now
        return raised + runtime.escalate_cards(self._host)

    def _checkpoint(self) -> int:
        now = self._host.clock()
        every = timedelta(seconds=self._host.settings.checkpoint_seconds)
        if not _is_due(self._checkpoint_at, now, every):
            return 0
        self._host.database.write(lambda conn: messages.drop_expired(conn, now))
        runtime.drop_old_drafts(self._host)
        runtime.drop_old_news(self._host)
        runtime.drop_old_sharing(self._host)
        runtime.drop_old_refusals(self._host)
        runtime.drop_old_invitations(self._host)
        runtime.erase_contents(self._host)
        runtime.end_old_mandates(self._host)
        self._sign()
        self._checkpoint_at = now  # what failed is due at once, not at the next time
        return 0

    def _sign(self) -> None:
        database = self._host.database

        def sign(conn: Connection) -> int:
            settings = self._host.settings
            now = self._host.clock()
            return history.checkpoint(
                conn, self._signer, settings.checkpoints, now, settings.hash_name
            )

        if database.is_sqlite:
            with database.read() as conn:
                sign(conn)
        else:
            database.write(sign)


def _is_due(last: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether periodic work is due; a clock that was set back must not hold it up for hours."""
    return last is None or not last <= now < last + every
