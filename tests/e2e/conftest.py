"""A running demonstration and people who act in it through a browser.

Every journey shares one server: cases do not touch each other, and starting takes seconds.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from .people import Demonstration, Visitor

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_S = 90
SIMULATOR_ABOVE = 100


def pytest_collection_modifyitems(items):
    """Skip without Chromium, but never where CI promises it."""
    if CHROMIUM or os.environ.get("CI") == "true":
        return
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="Chromium is missing: apt install chromium"))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory) -> Iterator[Demonstration]:
    """Serve the demonstration on free ports, in a folder of its own, with a clock to move."""
    folder = tmp_path_factory.mktemp("demonstration")
    port = _free_port()
    clock = folder / "clock"
    environment = {
        **os.environ,
        "ONETHING_DATA_DIR": str(folder / "data"),
        "ONETHING_CLOCK_FILE": str(clock),
        "ONETHING_DEMO": "1",
        "ONETHING_SIGN_IN_PER_MINUTE": "1000",
    }
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "onething", "serve", "--demo", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/", server, folder / "log")
            yield Demonstration(
                url=f"http://127.0.0.1:{port}",
                departments_url=f"http://127.0.0.1:{port + SIMULATOR_ABOVE}",
                clock=clock,
                data=folder / "data",
            )
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Run the browser's driver."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright) -> Iterator[Browser]:
    """Run one browser."""
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield running
    running.close()


@pytest.fixture
def person(browser, demonstration) -> Iterator:
    """Sign people in, each with a browser window of their own."""
    contexts = []

    def sign_in(user: str, **options) -> Visitor:
        context = browser.new_context(locale="zh-CN", base_url=demonstration.url, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Visitor.signed_in(context.new_page(), user)

    yield sign_in
    for context in contexts:
        context.close()


def _free_port() -> int:
    """Return a port that is free, as is the one of the simulator above it."""
    for _ in range(50):
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
        try:
            with socket.socket() as second:
                second.bind(("127.0.0.1", port + SIMULATOR_ABOVE))
        except (OSError, OverflowError):
            continue
        return port
    raise RuntimeError("no two free ports")


def _wait(url: str, server: subprocess.Popen, log: Path) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends and server.poll() is None:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8')[-4000:]}")
