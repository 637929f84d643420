import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onething.testing import postgres

PACKAGE = Path(__file__).parents[2] / "bench" / "package"
PATIENCE_S = 120


class Served:
    """The product as its own process on a data folder: started, killed, started again."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        self.env = {
            **os.environ,
            "ONETHING_DATA_DIR": str(folder),
            "ONETHING_SERVICES": str(PACKAGE),
            "ONETHING_PORT": str(self.port),
            "ONETHING_DATABASE_URL": database,
        }
        self.process: subprocess.Popen | None = None
        self.token = ""

    def start(self) -> None:
        """Start the server and return when it is ready."""
        words = [sys.executable, "-m", "onething", "serve", "--demo"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(words, env=self.env, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE_S
        while not self._is_ready():
            log_text = (self.folder / "server.log").read_text(errors="replace")
            assert self.process.poll() is None, log_text
            assert time.monotonic() < until, log_text
            time.sleep(0.2)
        self.token = self.token or self.command("token", "add", "window").stdout.strip()

    def _is_ready(self) -> bool:
        try:
            return self.call("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def call(
        self, method: str, path: str, body: Any = None, key: str | None = None
    ) -> tuple[int, Any]:
        """Send one request; raise OSError when the server is not there."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            data = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(data) if is_json else data

    def kill(self) -> None:
        """Kill the server as a power cut would: no handler runs."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> int:
        """Ask the server to stop and return its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run an `onething` command on the same data folder."""
        return subprocess.run(
            [sys.executable, "-m", "onething", *words],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )


def free_port() -> int:
    """Return a port that is free, and whose simulator's port is free as well."""
    while True:
        with socket.socket() as one, socket.socket() as above:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                above.bind(("127.0.0.1", port + 100))
            except (OSError, OverflowError):
                continue
            return port


@pytest.fixture
def served(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    """A server; with the parameter `postgresql` on a database of such a server."""
    on = getattr(request, "param", "sqlite")
    url = request.getfixturevalue("postgresql") if on == "postgresql" else ""
    server = Served(tmp_path, postgres.new_database(url, tmp_path.name) if url else "")
    yield server
    if server.process is not None and server.process.poll() is None:
        server.kill()


@pytest.fixture(scope="session")
def new_served() -> type[Served]:
    return Served
