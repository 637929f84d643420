"""A running demonstration: the product's own server with its departments, on this machine."""

import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from onething.feel.json import canonical

SIMULATOR_PORT_ABOVE = 100
START_S = 120
STOP_S = 30
ZONE = ZoneInfo("Asia/Shanghai")
MORNING = 9


class Site:
    """One server in a folder of its own; its clock can be moved ahead."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._ahead = timedelta()
        self._clock_file = folder / "ahead"
        self._log = folder / "serve.log"
        self._server: subprocess.Popen[bytes] | None = None
        self._departments = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port + SIMULATOR_PORT_ABOVE}", timeout=30
        )

    @property
    def now(self) -> datetime:
        """The instant that the site believes it is, in the legal time zone."""
        return (datetime.now(UTC) + self._ahead).astimezone(ZONE)

    def start(self) -> None:
        """Serve, and wait until the sign-in page answers."""
        words = ["serve", "--demo", "--port", str(self.port)]
        with self._log.open("wb") as log:
            self._server = subprocess.Popen(
                self._command(*words), env=self._environment(), stdout=log, stderr=log
            )
        _wait(self._answers, "the site does not answer", START_S)

    def stop(self) -> None:
        """Stop the server as an operator does."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(STOP_S)
            self._server = None

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the product on the same data."""
        return subprocess.run(
            self._command(*words),
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def advance(self, by: timedelta) -> None:
        """Move the site's clock ahead."""
        self._ahead += by
        draft = self._clock_file.with_suffix(".new")
        draft.write_text(str(self._ahead.total_seconds()), "ascii")
        draft.replace(self._clock_file)

    def wait_for_morning(self, weekday: int) -> datetime:
        """Move the clock to nine o'clock of the next such day (0 is Monday); return it."""
        now = self.now
        days = (weekday - now.weekday()) % 7
        goal = (now + timedelta(days=days)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
        goal += timedelta(days=7) if goal <= now else timedelta()
        self.advance(goal - now)
        return goal

    def give(self, kind: str, record: dict[str, Any]) -> None:
        """Let a department know a record."""
        self._put(f"/_records/{kind}", record)

    def fail(self, department: str, mode: str, operation: str | None = None) -> None:
        """Let a department's system fail from now on."""
        self._put(f"/_faults/{department}", {"mode": mode, "operation": operation})

    def mend(self) -> None:
        """Let every department's system work again."""
        for fault in self._departments.get("/_faults").raise_for_status().json():
            self._departments.delete(f"/_faults/{fault['department']}").raise_for_status()

    def received(self, case_no: str, operation: str) -> list[dict[str, Any]]:
        """Return what departments were sent for a case under one operation."""
        answer = self._departments.get("/_received", params={"case": case_no}).raise_for_status()
        return [one for one in answer.json() if one["operation"] == operation]

    def told(self) -> str:
        """Return what the server wrote, for a test that must explain its failure."""
        return self._log.read_text("utf-8", errors="replace")

    def _put(self, path: str, body: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json"}
        self._departments.put(path, content=canonical(body), headers=headers).raise_for_status()

    def _answers(self) -> bool:
        assert self._server is not None
        assert self._server.poll() is None, self.told()
        try:
            return httpx.get(f"{self.url}/sign-in", timeout=5).is_success
        except httpx.TransportError:
            return False

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "onething", *words]

    def _environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if "ONETHING" not in key}
        return inherited | {
            "ONETHING_DEMO": "true",
            "ONETHING_DATA_DIR": str(self.folder / "data"),
            "ONETHING_CLOCK_FILE": str(self._clock_file),
            "ONETHING_SIGN_IN_PER_MINUTE": "1000",
            "ONETHING_UNDO_SECONDS": "0",  # a journey goes on at once
        }


def _free_port() -> int:
    """Return a port that is free together with the simulator's."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                other.bind(("127.0.0.1", port + SIMULATOR_PORT_ABOVE))
            except (OSError, OverflowError):
                continue
            return port


def _wait(is_so: Any, otherwise: str, seconds: float) -> None:
    """Ask again and again until it is so; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, otherwise
        time.sleep(0.2)
