"""A process says that it lives, under a name that is its own."""

import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from onething import runtime
from onething.cli.heartbeat import beating, name_of
from onething.errors import NotAllowed, SettingsError
from onething.identity import SYSTEM, Actor
from onething.now import system_clock
from onething.runtime import Host, Node
from onething.settings import Settings
from onething.testing import databases

PATIENCE_S = 30


@pytest.fixture
def host(tmp_path):
    settings = Settings(data_dir=tmp_path, beat_seconds=0.05)  # type: ignore[arg-type]  # no test waits for seconds
    with databases.throwaway() as database:
        database.create()
        yield runtime.open_host(settings, database=database)


def enter(host: Host, name: str, address: str = "elsewhere") -> Node:
    node = Node(name, "worker", address)
    assert runtime.enter_node(host, node)
    return node


def test_a_process_beats_while_it_lives_and_says_when_it_stops(host):
    with beating(host, "worker", "one"):
        until = time.monotonic() + PATIENCE_S
        while runtime.find_node(host, "one").beats < 2 and time.monotonic() < until:
            time.sleep(0.01)
        (living,) = runtime.list_nodes(host, SYSTEM)
    (stopped,) = runtime.list_nodes(host, SYSTEM)

    assert (living.kind, living.pid) == ("worker", os.getpid())
    assert living.beats >= 2
    assert living.is_alive(system_clock(), 5)
    assert not stopped.is_alive(system_clock(), 5)


def test_the_name_of_a_run_that_still_beats_is_refused(host):
    other, ended = enter(host, "one"), threading.Event()

    def beat():
        while not ended.wait(0.02):
            runtime.beat_node(host, other)

    thread = threading.Thread(target=beat)
    thread.start()
    with pytest.raises(SettingsError, match="node_name"), beating(host, "worker", "one"):
        pass
    ended.set()
    thread.join()

    assert runtime.find_node(host, "one").run == other.run


def test_the_name_of_a_run_that_went_silent_is_taken_over(host):
    dead = enter(host, "one")

    with beating(host, "worker", "one") as heir:
        assert runtime.find_node(host, "one").run == heir.run
        assert not runtime.beat_node(host, dead)


def test_a_killed_process_of_this_machine_is_replaced_without_waiting(tmp_path, host):
    words = [sys.executable, "-c", "import os; print(os.getpid())"]
    child = int(subprocess.run(words, capture_output=True, check=True).stdout)
    slow = runtime.open_host(replace(host.settings, beat_seconds=1_000), database=host.database)
    enter(host, "one", socket.gethostname())
    host.database.write(
        lambda conn: conn.exec_driver_sql(f"UPDATE node SET pid = {child}")  # noqa: S608 - a number
    )

    with beating(slow, "worker", "one") as heir:
        assert runtime.find_node(host, "one").run == heir.run


def test_a_process_whose_name_was_taken_is_told(host):
    lost = threading.Event()

    with beating(host, "worker", "one", on_lost=lost.set) as node:
        heir = Node("one", "worker", "elsewhere")
        assert runtime.enter_node(host, heir, instead_of=node.run)
        assert lost.wait(PATIENCE_S)

    assert runtime.find_node(host, "one").stopped_at is None


def test_names_are_stable_and_the_setting_goes_first(tmp_path):
    machine = socket.gethostname()

    assert name_of(Settings(port=8001), "web") == f"{machine}:8001"
    assert name_of(Settings(), "worker") == f"{machine}/worker"
    assert name_of(Settings(node_name="w-2"), "worker") == "w-2"


def test_nodes_are_for_operators_and_auditors(host):
    with pytest.raises(NotAllowed):
        runtime.list_nodes(host, Actor("zhang", "张三", frozenset({"applicant"})))
