"""One process of the cluster: started, watched, started again, stopped."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)
_PATIENCE_S = 45.0
_LONGEST_PAUSE_S = 30.0
_HEALTHY_AFTER_S = 30.0
"""A process that ran so long is started again at once when it dies."""


@dataclass(slots=True)
class Child:
    """A process that ends with this one, whatever ends this one.

    Start it from the main thread: the system ends it with the thread that started it.
    """

    name: str
    words: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    user: str | None = None
    """The system user that it runs as; None for this one's."""
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    started_at: float = 0.0
    _pause_s: float = 0.0
    _again_at: float = 0.0

    def start(self) -> None:
        """Start the process; its output goes behind what its log holds."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                list(self.words),
                env=dict(self.env),
                cwd="/" if self.user else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone
                preexec_fn=_dies_with_parent(self.stop_signal),  # noqa: PLW1509 - one call to the kernel
            )
        self.started_at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def revive(self) -> bool:
        """Start the process again if it died; wait longer each time it dies young.

        Returns:
            Whether it was started.
        """
        if self.is_alive:
            return False
        now = time.monotonic()
        if not self._again_at:
            lived_s = now - self.started_at
            is_young = lived_s < _HEALTHY_AFTER_S
            self._pause_s = min(max(1.0, self._pause_s * 2), _LONGEST_PAUSE_S) if is_young else 0.0
            self._again_at = now + self._pause_s
        if now < self._again_at:
            return False
        self._again_at = 0.0
        self.restarts += 1
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Send the signal by which the process ends well."""
        if self.process is not None and self.is_alive:
            self.process.send_signal(self.stop_signal)

    def stop(self, patience_s: float = _PATIENCE_S) -> int | None:
        """Ask, wait, and kill what does not end; return the exit code."""
        if self.process is None:
            return None
        self.ask_to_stop()
        try:
            return self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def _dies_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return what a new process calls so that the kernel ends it with its parent."""

    def ask() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)

    return ask
