"""Perform jobs: hand them over, and take over what dead workers have left."""

import time
from typing import TYPE_CHECKING

import structlog

from onething import runtime
from onething.nodes import BEATS_MISSED
from onething.runtime import Host
from onething.worker.watch import Watch

if TYPE_CHECKING:
    from onething.worker.durable import Durable

_WAITING_EVERY_S = 5.0
_DROP_EVERY_S = 300.0
_SECONDS_AN_HOUR = 3600
_log = structlog.get_logger()


class Performing:
    """The jobs' side of one worker: a relay, a watchdog, and the engine that performs."""

    def __init__(self, host: Host, name: str) -> None:
        self._host = host
        self._name = name
        self._durable: Durable | None = None
        self._watch = Watch(host.settings.beat_seconds * BEATS_MISSED)
        self._next: dict[str, float] = {}

    def start(self) -> None:
        """Start the engine: what this worker left unfinished goes on first."""
        # Loaded here: every other command would wait for it.
        from onething.worker.durable import Durable  # noqa: PLC0415

        runtime.prepare_gates(self._host)
        self._durable = Durable(self._host, self._name, self._host.settings.job_threads)
        self._durable.start()

    def stop(self, timeout_s: float) -> None:
        """Let what runs come to its end; what does not is taken over by others."""
        if self._durable is not None:
            self._durable.stop(timeout_s)
            self._durable = None

    def relay(self) -> int:
        """Hand over what is due; return how many jobs that were."""
        if self._durable is None:
            return 0
        handed = runtime.relay_due(self._host, self._durable)
        if self._is_time("waiting", _WAITING_EVERY_S):
            handed += runtime.find_lost(self._host, self._durable)
            handed += runtime.give_up_patience(self._host)
        self._durable.note_handed(handed)
        return handed

    def rest(self, timeout_s: float) -> None:
        """Wait so long, or until a job ends: it leaves room at its department for another."""
        if self._durable is not None:
            self._durable.wait_for_end(timeout_s)

    def wake(self) -> None:
        """Let the relay rest no longer."""
        if self._durable is not None:
            self._durable.wake()

    def watch(self) -> int:
        """Take over what dead workers have left, and drop old records of the engine."""
        if self._durable is None or not self._is_time("watch", self._host.settings.beat_seconds):
            return 0
        others = self._durable.executors() - {self._name}
        dead = self._watch.look(runtime.watch_nodes(self._host, ["worker"]), others)
        if dead:
            taken = self._durable.recover(sorted(dead))
            _log.warning("work of dead workers is taken over", workers=sorted(dead), jobs=taken)
        if self._is_time("drop", _DROP_EVERY_S):
            hours = self._host.settings.workflow_hours
            self._durable.drop_finished(hours * _SECONDS_AN_HOUR)
        return 0

    def _is_time(self, what: str, every_s: float) -> bool:
        now = time.monotonic()
        if now < self._next.get(what, now):
            return False
        self._next[what] = now + every_s
        return True
