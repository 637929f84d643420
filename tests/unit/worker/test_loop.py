"""The worker's loop: it does what is due, outlives errors and stops when told."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from onething import runtime
from onething.history import Ed25519Signer
from onething.runtime.jobs.gates import limits_of
from onething.worker import Worker, loop
from unit.runtime.node import Node, id_no

PATIENCE_S = 60
"""Longest wait for another thread; nothing is measured by it."""


@pytest.fixture
def signer() -> Ed25519Signer:
    return Ed25519Signer(bytes(32))


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_started_worker_performs_the_job_that_is_due(node: Node, signer) -> None:
    node.know()
    case_no = node.start("call")
    worker = Worker(node.host, signer, "one")

    worker.start()
    wait_for(lambda: node.case(case_no).state == "CLOSED")
    worker.stop()

    assert node.kinds(case_no) == ["CaseStarted", "JobCompleted"]


def test_rounds_that_hang_are_waited_for_together_and_the_last_checkpoint_is_signed(
    node: Node, signer
) -> None:
    node.start("call")
    never = threading.Event()
    worker = Worker(node.host, signer, "one")
    worker._threads = [threading.Thread(target=never.wait, daemon=True) for _ in range(12)]
    for thread in worker._threads:
        thread.start()
    began = time.monotonic()

    worker.stop(timeout_s=1.0)
    took_s = time.monotonic() - began
    never.set()

    assert took_s < 6  # not a second for each of them
    assert node.host.settings.checkpoints.exists()


def test_a_worker_that_was_stopped_is_started_again(node: Node, signer) -> None:
    node.know()
    for _ in range(2):
        case_no = node.start("call")
        worker = Worker(node.host, signer, "one")

        worker.start()
        wait_for(lambda: node.case(case_no).state == "CLOSED")  # noqa: B023 - waited for here
        worker.stop()


def test_a_job_that_ends_makes_room_for_the_next_at_once(node, signer, monkeypatch) -> None:
    monkeypatch.setattr(loop, "_IDLE_S", 3600.0)
    opened = []
    for at in range(2 * limits_of("police").concurrency + 1):
        node.know("李玉兰", id_no(at))
        opened.append(node.start("call", name="李玉兰", idNo=id_no(at)))
    worker = Worker(node.host, signer, "one")

    worker.start()
    wait_for(lambda: all(node.case(one).state == "CLOSED" for one in opened))
    worker.stop()


def test_a_stopped_worker_has_no_thread_left_and_has_signed_a_checkpoint(node, signer) -> None:
    node.start()
    before = set(threading.enumerate())
    worker = Worker(node.host, signer, "one")

    worker.start()
    worker.stop()
    worker.wait()

    assert not [one for one in threading.enumerate() if one.name.startswith("worker-")]
    wait_for(lambda: not {one for one in threading.enumerate() if one not in before})
    assert node.host.settings.checkpoints.read_text().count("\n") >= 1


def test_checkpoints_go_on_at_once_when_the_clock_is_set_back(node, signer) -> None:
    node.start()
    worker = Worker(node.host, signer, "one")
    worker._checkpoint()
    true_clock = node.host.clock

    node.start(idNo="370521199711029904")
    node.host.clock = lambda: true_clock() - timedelta(hours=1)
    worker._checkpoint()

    assert node.host.settings.checkpoints.read_text().count("\n") == 2


def test_a_round_that_raises_is_logged_and_the_next_one_does_the_job(
    node: Node, signer, monkeypatch
) -> None:
    node.know()
    case_no = node.start("call")
    real, broken = runtime.relay_due, [RuntimeError("no disk")]

    def once_broken(*words):
        if broken:
            raise broken.pop()
        return real(*words)

    monkeypatch.setattr(runtime, "relay_due", once_broken)
    monkeypatch.setattr("onething.worker.loop._AFTER_ERROR_S", 0)
    worker = Worker(node.host, signer, "one")

    worker.start()
    wait_for(lambda: node.case(case_no).state == "CLOSED")
    worker.stop()

    assert node.kinds(case_no) == ["CaseStarted", "JobCompleted"]


def test_a_round_in_one_thread_does_all_that_is_due(node: Node, signer) -> None:
    node.know()
    case_no = node.start("call")

    done = Worker(node.host, signer, "one").run_once()

    assert done == 1
    assert node.case(case_no).state == "CLOSED"
