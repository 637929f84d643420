"""A web node of several gunicorn processes; the module is its configuration as well.

Nothing is opened before gunicorn forks: each process opens its own database, clients and
threads. What the node needs in the database was prepared before.

Source: https://gunicorn.org/reference/settings/ (settings and hooks are module names).
"""

import os
import shutil
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker
from prometheus_client import multiprocess

from onething.cli import logs
from onething.cli.draining import PATIENCE_S
from onething.cli.serving import COUNTS, PROCESS_NUMBER
from onething.metrics import SHARED_FOLDER
from onething.settings import load

_settings = load()
_MEMORY = "/dev/shm"  # noqa: S108 - gunicorn makes a file of its own in it


class Process(ThreadWorker):  # type: ignore[misc]  # untyped in the library
    """A process that still serves for a while after it was asked to stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Tell the balancer first, then refuse newcomers; a second signal does not wait."""
        door = getattr(self, "wsgi", None)
        if door is None or door.is_leaving:
            super().handle_exit(sig, frame)
            return
        door.leave()
        timer = threading.Timer(_settings.leave_seconds, super().handle_exit, (sig, frame))
        timer.daemon = True
        timer.start()


class JsonLogger(Logger):  # type: ignore[misc]  # untyped in the library
    """Writes what gunicorn has to say as the product writes its own lines."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - gunicorn's own
        """Send everything through one handler; requests are not logged, they hold numbers."""
        super().setup(cfg)
        self.error_log.handlers = [logs.handler()]


def pre_fork(server: Any, worker: Any) -> None:  # noqa: ANN401 - gunicorn's own
    """Give the process the smallest number that no living one has."""
    taken = {one.number for one in server.WORKERS.values()}
    worker.number = next(n for n in range(1, len(taken) + 2) if n not in taken)


def post_fork(_server: Any, worker: Any) -> None:  # noqa: ANN401 - gunicorn's own
    """Let the process know its number."""
    os.environ[PROCESS_NUMBER] = str(worker.number)


def child_exit(_server: Any, worker: Any) -> None:  # noqa: ANN401 - gunicorn's own
    """Let the gauges of a process that ended go."""
    if os.environ.get(SHARED_FOLDER):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # untyped


def on_exit(_server: Any) -> None:  # noqa: ANN401 - gunicorn's own
    """Take the counts' folder away with the node."""
    folder = os.environ.get(SHARED_FOLDER, "")
    if Path(folder).name.startswith(COUNTS):
        shutil.rmtree(folder, ignore_errors=True)


bind = (
    f"[{_settings.host}]:{_settings.port}"
    if ":" in _settings.host
    else (f"{_settings.host}:{_settings.port}")
)
proc_name = "onething"
workers = _settings.processes
threads = _settings.threads
worker_class = Process
logger_class = JsonLogger
loglevel = _settings.log_level.lower()
worker_tmp_dir = _MEMORY if os.access(_MEMORY, os.W_OK) else None
timeout = 120
"""A process whose main thread does not come round for so long is killed and replaced."""
graceful_timeout = _settings.leave_seconds + int(PATIENCE_S) + 5
keepalive = 75
"""Longer than balancers keep a connection: none is closed while a request is under way."""
# Whom to believe is decided by the product, for both servers alike.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
control_socket_disable = True
