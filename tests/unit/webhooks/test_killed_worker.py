"""A worker killed while it tells a receiver of events: none is lost, none overtakes another."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onething import db, runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM
from onething.settings import Settings
from unit.webhooks.conftest import PACKAGE, id_number

CASES = 12


@contextmanager
def working(folder: Path) -> Iterator[subprocess.Popen]:
    """Run a worker of its own on a data folder."""
    env = {
        **os.environ,
        "ONETHING_DATA_DIR": str(folder),
        "ONETHING_WEBHOOK_TIMEOUT_S": "1",
        "ONETHING_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "ONETHING_WEBHOOK_HTTP": "true",
    }
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "onething", "worker"], env=env, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def test_killed_worker_goes_on_telling_where_it_stood(tmp_path, receiver):
    settings = Settings(data_dir=tmp_path, webhook_networks="127.0.0.0/8", webhook_http=True)
    host = runtime.open_host(settings)
    db.upgrade(host.database)
    runtime.deploy(host, SYSTEM, Catalog([PACKAGE]).package("permit"))
    runtime.subscribe(host, SYSTEM, receiver.url)
    for number in range(CASES):
        person = {"name": "张三", "idNo": id_number(number), "division": "370502"}
        runtime.start_case(host, SYSTEM, "permit", {"way": "check", "person": person})
    feed = [one.id for one in runtime.view_feed(host, SYSTEM, limit=200).events]
    half, gate = threading.Event(), threading.Event()

    def answer(_handler, _call) -> int:
        if len(receiver.calls) == CASES // 2:
            half.set()
            gate.wait(30)  # killed before it hears that this one came
        return 200

    receiver.answer = answer
    with working(tmp_path) as first:
        assert half.wait(60), (tmp_path / "worker.log").read_text()
        first.send_signal(signal.SIGKILL)
        first.wait(30)
    gate.set()
    with working(tmp_path):
        receiver.wait_for(lambda: set(receiver.ids) == set(feed))
    host.database.close()

    at = CASES // 2
    assert receiver.ids == [*feed[:at], *feed[at - 1 :]]
