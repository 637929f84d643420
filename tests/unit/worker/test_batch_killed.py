"""A worker killed in the middle of a batch: its lines go on where they stood, each once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onething import db, history, runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM
from onething.runtime import BatchView, Host, Search
from onething.settings import Settings
from unit.runtime.node import id_no

PACKAGE = Path(__file__).parents[1] / "runtime" / "package"
CASES = 300


@pytest.fixture
def host(tmp_path) -> Iterator[Host]:
    """A node of real time on a data folder, with many cases that wait for a clerk."""
    opened = runtime.open_host(Settings(data_dir=tmp_path))
    db.upgrade(opened.database)
    runtime.deploy(opened, SYSTEM, Catalog([PACKAGE]).package("permit"))
    for at in range(CASES):
        person = {"name": "张三", "idNo": id_no(at), "division": "370502"}
        runtime.start_case(opened, SYSTEM, "permit", {"way": "check", "person": person})
    yield opened
    opened.access_log.flush()
    opened.database.close()


@contextmanager
def working(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker of its own on a data folder; it is killed at the end, whatever it does."""
    env = {**os.environ, "ONETHING_DATA_DIR": str(folder)}
    with (folder / "worker.log").open("ab") as log:
        words = [sys.executable, "-m", "onething", "worker"]
        process = subprocess.Popen(words, env=env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def wait_for(host: Host, batch_id: str, is_so: Callable[[BatchView], bool]) -> BatchView:
    end = time.monotonic() + 90
    while not is_so(view := runtime.view_batch(host, SYSTEM, batch_id)):
        assert time.monotonic() < end, view
        time.sleep(0.01)
    return view


@pytest.mark.long
def test_a_killed_worker_leaves_no_line_out_and_does_none_twice(host, tmp_path):
    batch_id = runtime.create_batch(host, SYSTEM, "suspend", wanted=Search())
    with working(tmp_path):
        wait_for(host, batch_id, lambda view: view.counts.looked_at > CASES // 3)
    with working(tmp_path):
        tried = wait_for(host, batch_id, lambda view: view.row.state == "ready")
        runtime.start_batch(host, SYSTEM, batch_id, "割接")
        wait_for(host, batch_id, lambda view: view.counts.done > CASES // 3)

    killed = runtime.view_batch(host, SYSTEM, batch_id)
    with working(tmp_path):
        ended = wait_for(host, batch_id, lambda view: view.row.state == "ended")

    assert tried.counts.waiting == CASES
    assert CASES // 3 < killed.counts.done < CASES
    assert (ended.counts.done, ended.counts.failed) == (CASES, 0)
    assert suspensions(host) == [1] * CASES


def suspensions(host: Host) -> list[int]:
    """Return how often each case was suspended."""
    with host.database.read() as conn:
        found = [one for one, _case in runtime.view_instances.every_instance(conn, Search(), CASES)]
        return [
            sum(event.kind == "Suspended" for event in history.read(conn, None, one))
            for one in found
        ]
