import http.client
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from onething.cli.cluster import Cluster
from onething.testing import postgres

PACKAGES = (
    Path(__file__).parents[1] / "bench" / "package",
    Path(__file__).parent / "package",
)
PATIENCE_S = 120
METRICS_TOKEN = "read-by-tests-alone"


def needs(*programs: str) -> None:
    """Skip where Debian's programs are missing, but not in CI."""
    missing = [one for one in programs if not _is_here(one)]
    if missing and os.environ.get("CI") != "true":
        pytest.skip(f"missing: {', '.join(missing)}; as root: make packages")


def _is_here(program: str) -> bool:
    if program == "postgresql":
        return postgres.programs() is not None
    return shutil.which(program) is not None or Path("/usr/sbin", program).exists()


def until(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Return when something is so; fail when it does not come in time."""
    end = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < end, "it did not come in time"
        time.sleep(0.1)


class Caller:
    """Calls one address of the product over real sockets."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port = port
        self.token = token

    def call(
        self, method: str, path: str, body: Any = None, key: str | None = None
    ) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key is not None:
            headers["Idempotency-Key"] = key
        status, told, data = self.raw(
            method, path, json.dumps(body).encode() if body else None, headers
        )
        return status, json.loads(data) if "json" in told.get("Content-Type", "") else data

    def raw(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()


class Load:
    """Clients that start cases and complete their tasks until told to end."""

    def __init__(self, caller: Caller, name: str, clients: int = 3) -> None:
        self.caller = caller
        self.name = name
        self.ended = threading.Event()
        self.outcomes: Counter[str] = Counter()
        self.whole: list[str] = []
        self.answered: dict[str, str] = {}
        self._threads = [
            threading.Thread(target=self._run, args=(client,)) for client in range(clients)
        ]

    def __enter__(self) -> Self:
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        for one in self._threads:
            one.join(PATIENCE_S)

    def wait_for(self, cases: int) -> None:
        """Return when so many more cases were answered in full."""
        wanted = len(self.whole) + cases
        until(lambda: len(self.whole) >= wanted)

    def _run(self, client: int) -> None:
        number = 0
        while not self.ended.is_set():
            number += 1
            self._one_case(f"{self.name}-{client}-{number}")

    def _one_case(self, name: str) -> None:
        started = self._send(
            "POST", "/api/v1/services/three-tasks/cases", {"data": {"note": name}}, name
        )
        case_no = started.get("case_no", "")
        for place in range(3):
            page = self._send("GET", f"/api/v1/tasks?case_no={case_no}")
            if not page.get("items"):
                self.outcomes["no task"] += 1
                return
            path = f"/api/v1/tasks/{page['items'][0]['id']}/complete"
            self._send("POST", path, {"data": {"note": name}}, f"{name}-{place}")
        self.whole.append(case_no)

    def _send(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        try:
            status, answer = self.caller.call(method, path, body, key)
        except OSError as error:
            self.outcomes[type(error).__name__] += 1
            return {}
        self.outcomes[str(status)] += 1
        if status < 300 and key is not None:
            self.answered[key] = answer.get("case_no", "")
        return answer if isinstance(answer, dict) else {}


class Site:
    """A cluster, and what tests ask of it."""

    def __init__(self, cluster: Cluster, told: list[str]) -> None:
        self.cluster = cluster
        self.told = told
        self.front = Caller(cluster.port)
        self.nodes = [Caller(port) for port in cluster.node_ports.values()]

    def command(
        self, *words: str, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run an `onething` command with the settings of the cluster."""
        env = env or {**self.cluster.children["worker-1"].env, "PYTHONPATH": ""}
        return subprocess.run(
            [sys.executable, "-m", "onething", *words],
            env=env,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def token(self) -> str:
        if not self.front.token:
            self.front.token = self.command("token", "add", "window").stdout.strip()
        return self.front.token


class JobLoad(Load):
    """Clients whose cases call a department before a clerk has something to do."""

    def _one_case(self, name: str) -> None:
        started = self._send(
            "POST", "/api/v1/services/rolled/cases", {"data": {"note": name}}, name
        )
        case_no = started.get("case_no", "")
        items: list[Any] = []
        end = time.monotonic() + PATIENCE_S
        while not items and time.monotonic() < end:
            items = self._send("GET", f"/api/v1/tasks?case_no={case_no}").get("items") or []
            time.sleep(0 if items else 0.2)
        if not items:
            self.outcomes["no task"] += 1
            return
        path = f"/api/v1/tasks/{items[0]['id']}/complete"
        self._send("POST", path, {"data": {"note": name}}, f"{name}-read")
        self.whole.append(case_no)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    """A cluster of two nodes and two workers, started on an empty database."""
    needs("postgresql", "haproxy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONETHING_SERVICES", ":".join(str(one) for one in PACKAGES))
        patch.setenv("ONETHING_METRICS_TOKEN", METRICS_TOKEN)
        told: list[str] = []
        folder = tmp_path_factory.mktemp("cluster")
        cluster = Cluster(folder, 8080, say=told.append)
        try:
            cluster.start()
            yield Site(cluster, told)
        finally:
            cluster.stop()
