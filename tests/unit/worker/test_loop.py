"""The worker's loop: it does what is due, outlives errors and stops when told."""

import threading
from datetime import timedelta

import pytest

from onething import jobs, runtime
from onething.history import Ed25519Signer
from onething.runtime.perform_job import LEASE
from onething.worker import Worker
from unit.runtime.node import Node

PATIENCE_S = 30
"""Longest wait for another thread; nothing is measured by it."""


@pytest.fixture
def signer() -> Ed25519Signer:
    return Ed25519Signer(bytes(32))


def when_done(monkeypatch, name: str) -> threading.Event:
    """Return what is set once a command of the runtime has done something."""
    done, real = threading.Event(), getattr(runtime, name)

    def watched(*words, **more):
        count = real(*words, **more)
        if count:
            done.set()
        return count

    monkeypatch.setattr(runtime, name, watched)
    return done


def test_a_started_worker_performs_the_job_that_is_due(node: Node, signer, monkeypatch) -> None:
    node.know()
    case_no = node.start("call")
    done = when_done(monkeypatch, "perform_due")
    worker = Worker(node.host, signer, "one", performers=1)

    worker.start()
    assert done.wait(PATIENCE_S)
    worker.stop()

    assert node.kinds(case_no) == ["CaseStarted", "JobCompleted"]


def test_a_stopped_worker_has_no_thread_left_and_has_signed_a_checkpoint(node, signer) -> None:
    node.start()
    worker = Worker(node.host, signer, "one", performers=2)

    worker.start()
    worker.stop()
    worker.wait()

    assert not [one for one in threading.enumerate() if one.name.startswith("worker-")]
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
    done, real, broken = threading.Event(), runtime.perform_due, [RuntimeError("no disk")]

    def once_broken(*words, **more):
        if broken:
            raise broken.pop()
        count = real(*words, **more)
        if count:
            done.set()
        return count

    monkeypatch.setattr(runtime, "perform_due", once_broken)
    monkeypatch.setattr("onething.worker.loop._AFTER_ERROR_S", 0)
    worker = Worker(node.host, signer, "one", performers=1)

    worker.start()
    assert done.wait(PATIENCE_S)
    worker.stop()

    assert node.kinds(case_no) == ["CaseStarted", "JobCompleted"]


def test_the_job_of_a_dead_worker_is_taken_over_when_its_lease_has_run_out(node, signer) -> None:
    node.know()
    case_no = node.start("call")
    now = node.host.clock()
    node.host.write(lambda conn: jobs.lease(conn, "dead", now, now + LEASE, 1))
    worker = Worker(node.host, signer, "heir")

    before = worker.run_once()
    node.world.clock.advance(LEASE)
    after = worker.run_once()

    assert (before, after) == (0, 1)
    assert node.case(case_no).state == "CLOSED"
