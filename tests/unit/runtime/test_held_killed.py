"""A completion that may still be undone outlives its node, and takes effect once."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onething import cases, history, runtime, tasks
from onething.catalog import Catalog
from onething.identity import SYSTEM
from onething.runtime import Host
from onething.tasks import Filter
from unit.dying import WHOLE
from unit.runtime.held_process import ANSWERS, HELD, KEY, SECONDS, opened
from unit.runtime.node import APPLICANT, CLERK, ID_NO

PACKAGE = Path(__file__).parent / "package"
TESTS = Path(__file__).parents[2]
PATIENCE_S = 60


@contextmanager
def node(folder: Path, after_s: int = 0) -> Iterator[Host]:
    """Be a node on a data folder."""
    host = opened(folder, after_s)
    yield host
    host.access_log.flush()
    host.database.close()


def waiting(folder: Path) -> str:
    """Let a case wait for a clerk; return its task."""
    with node(folder) as host:
        host.database.create()
        runtime.deploy(host, SYSTEM, Catalog([PACKAGE]).package("permit"))
        person = {"name": "张三", "idNo": ID_NO, "division": "370502"}
        answers = {"way": "check", "person": person}
        case_no = runtime.start_case(host, APPLICANT, "permit", answers).case_no
        (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    return task.id


def process(*words: str | Path, **more) -> subprocess.Popen:
    command = [sys.executable, "-m", *map(str, words)]
    return subprocess.Popen(command, cwd=TESTS, text=True, **more)


def press_and_kill(folder: Path, task_id: str) -> None:
    """Let a node take the completion, and kill it before its seconds are over."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with process("unit.runtime.held_process", "press", folder, task_id, **pipes) as one:
        assert one.stdout is not None
        assert HELD in (line.strip() for line in one.stdout)  # up to it: the log stands there too
        one.send_signal(signal.SIGKILL)


@pytest.fixture(scope="module")
def dead(tmp_path_factory) -> tuple[Path, str]:
    """Return the folder of a node that was killed after its clerk had pressed, and the task."""
    folder = tmp_path_factory.mktemp("dead") / "node"
    task_id = waiting(folder)
    press_and_kill(folder, task_id)
    return folder, task_id


@pytest.fixture
def pressed(dead, tmp_path) -> tuple[Path, str]:
    """Return a copy of what the dead node left, and the task."""
    return Path(shutil.copytree(dead[0], tmp_path / "origin")), dead[1]


def state(host: Host) -> str:
    """Return the state of the only task that its clerk was to complete."""
    with host.database.read() as conn:
        (found,) = tasks.worklist(conn, Filter(states=("open", "claimed", "completed")))
    return found.state


def kinds(host: Host) -> list[str]:
    with host.database.read() as conn:
        (case,) = cases.listing(conn)
        return [one.kind for one in history.read(conn, host.keys, case.instance_id)]


def is_held(host: Host) -> bool:
    return bool(runtime.held_completions(host, CLERK))


def test_the_next_worker_lets_it_take_effect_once(pressed):
    # Given what a dead node leaves
    folder, task_id = pressed
    with node(folder) as host:
        before = state(host), is_held(host), kinds(host)

    # When a worker starts on the folder
    env = {**os.environ, "ONETHING_DATA_DIR": str(folder)}
    with (folder / "worker.log").open("ab") as log, node(folder, SECONDS) as host:
        with process("onething", "worker", env=env, stdout=log, stderr=log) as worker:
            until = time.monotonic() + PATIENCE_S
            while state(host) != "completed" and time.monotonic() < until:
                time.sleep(0.05)
            worker.kill()
        again = runtime.settle_due(host)
        sent = runtime.hold_completion(host, CLERK, task_id, ANSWERS, key=KEY)

        # Then it is done, once, also for a browser that sends it again
        assert before == ("claimed", True, ["CaseStarted", "TaskClaimed"])
        assert (state(host), is_held(host), again, sent.repeated) == ("completed", False, 0, True)
        assert kinds(host).count("TaskCompleted") == 1
        assert [one.problem for one in runtime.replay_all(host) if not one.is_clean] == []


def test_a_node_that_dies_at_the_effect_leaves_it_held_or_done(pressed):
    folder, _task_id = pressed
    done = process("unit.runtime.held_process", "effect", folder, stderr=subprocess.PIPE)
    told = done.communicate(timeout=PATIENCE_S)[1]
    assert done.returncode == 0, told

    left, afterwards = [], []
    for copy in sorted(one for one in folder.parent.iterdir() if one.name.isdigit()):
        with node(copy, SECONDS) as host:
            left.append((state(host), is_held(host), kinds(host).count("TaskCompleted")))
            runtime.settle_due(host)
            afterwards.append((state(host), is_held(host), kinds(host).count("TaskCompleted")))

    assert set(left) == {("claimed", True, 0), ("completed", False, 1)}
    assert left[-1] == ("completed", False, 1), "it was written, and nobody was told"
    assert set(afterwards) == {("completed", False, 1)}
    with node(folder.parent / WHOLE) as host:
        assert kinds(host).count("TaskCompleted") == 1
