import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from onething.connectors import open_departments, operations
from unit.connectors.authority import Authority

GET = operations()["police.household.get"]
LIN = "370521199711029904"
READY_S = 120
ALONE = Path(__file__).with_name("simulated.py")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def simulator(folder: Path, *options, verify=True, cert=None):
    """The simulator as a process of its own; gives a client of its own addresses."""
    port = free_port()
    scheme = "https" if "--certificate" in options else "http"
    words = ["--port", str(port), "--data", str(folder / f"{port}.db"), *map(str, options)]
    whole = ["-m", "onething", "simulator", "--until-closed"]
    process = subprocess.Popen(
        [sys.executable, *(whole if scheme == "https" else [str(ALONE)]), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    base = f"{scheme}://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=base, verify=verify, cert=cert) as client:
            await_ready(client)
            yield client
    finally:
        process.terminate()
        process.wait(10)
        process.stdin.close()


def await_ready(client) -> None:
    until = time.monotonic() + READY_S
    while True:
        try:
            client.get("/_health").raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    with simulator(tmp_path_factory.mktemp("simulator")) as client:
        yield client


@pytest.fixture
def city(running):
    """A simulator with its seed and nothing else set."""
    running.post("/_reset", json={"seed": True}).raise_for_status()
    return running


@pytest.fixture
def site(tmp_path):
    """Writes files of a site: `site.secret(name)`, `site.departments(text)`."""
    return Site(tmp_path)


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def secret(self, name: str, value: str = "a secret of the test", mode: int = 0o600) -> Path:
        file = self.folder / name
        file.write_text(value + "\n")
        file.chmod(mode)
        return file

    def file(self, text: str) -> Path:
        file = self.folder / "departments.toml"
        file.write_text(text)
        return file

    def open(self, text: str):
        return open_departments(self.file(text), "")

    def call(self, text: str, operation=GET, key="key-1", **inputs):
        with self.open(text) as departments:
            return departments.call(operation, inputs or {"idNo": LIN}, key, "L1")
