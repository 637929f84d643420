"""Two nodes on one PostgreSQL database: each command counts once, whoever takes it."""

import threading
import time
from collections import Counter

import pytest
from sqlalchemy import text

from onething import runtime, tasks
from onething.errors import AlreadyDone, Conflict
from onething.identity import SYSTEM, Actor
from onething.runtime import Host
from onething.tasks import TaskRow
from unit.clocks.node import APPLICANT

CASES = 12
PERSON = {"person": {"name": "张三", "division": "370502"}}


def started(host: Host) -> str:
    return runtime.start_case(host, APPLICANT, "licence", PERSON).case_no


def task_of(host: Host, case_no: str) -> str:
    return row_of(host, case_no).id


def row_of(host: Host, case_no: str) -> TaskRow:
    with host.database.read() as conn:
        (found,) = tasks.worklist(conn, tasks.Filter(case_no=case_no, states=tasks.LIVE))
    return found


def at_once(*commands) -> Counter[str]:
    """Run commands at the same moment and count their outcomes."""
    outcomes: Counter[str] = Counter()
    gate = threading.Barrier(len(commands))

    def run(command) -> None:
        gate.wait()
        try:
            command()
        except (AlreadyDone, Conflict) as error:
            outcomes[type(error).__name__] += 1
        else:
            outcomes["done"] += 1

    threads = [threading.Thread(target=run, args=(one,)) for one in commands]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return outcomes


def completing(host: Host, task: str, key: str | None = None):
    return lambda: runtime.complete(host, SYSTEM, task, {"next": "accept"}, key=key)


def test_a_task_completed_on_two_nodes_at_once_is_completed_by_one(nodes):
    one, other = nodes
    numbers = [started(one) for _ in range(CASES)]

    outcomes = sum(
        (
            at_once(completing(one, task), completing(other, task))
            for task in [task_of(other, number) for number in numbers]
        ),
        Counter(),
    )

    assert (outcomes["done"], outcomes["AlreadyDone"]) == (CASES, CASES)
    assert [each.problem for each in runtime.replay_all(one) if not each.is_clean] == []


def test_a_command_repeated_with_its_key_on_the_other_node_is_done_once(nodes):
    one, other = nodes
    task = task_of(one, started(one))

    outcomes = at_once(completing(one, task, "k1"), completing(other, task, "k1"))

    assert outcomes == {"done": 2}
    assert [each.problem for each in runtime.replay_all(other) if not each.is_clean] == []


def test_a_case_goes_on_wherever_its_next_command_comes(nodes):
    case_no = started(nodes[0])

    for at, decision in enumerate(("accept", "grant", "entered", "archived")):
        host = nodes[at % 2]
        answers = {"next": decision, "check": {"finding": decision}}
        runtime.complete(host, SYSTEM, task_of(host, case_no), answers)

    with nodes[1].database.read() as conn:
        assert not tasks.worklist(conn, tasks.Filter(case_no=case_no, states=tasks.LIVE))
    assert [each.problem for each in runtime.replay_all(nodes[0]) if not each.is_clean] == []


def test_case_numbers_of_two_nodes_never_meet(nodes):
    numbers: list[str] = []

    at_once(*[lambda host=host: numbers.append(started(host)) for host in nodes * 6])

    assert len(set(numbers)) == len(nodes) * 6


def test_who_waited_for_the_lock_sees_the_task_as_it_became(nodes):
    one, other = nodes
    task = row_of(one, started(one))
    clerk = Actor("clerk", "王五", frozenset({"clerk"}), task.department, task.post)
    is_held = threading.Event()

    def clock():
        is_held.set()  # the clock is read behind the lock
        wait_until_somebody_waits(other)
        return other.clock()

    one.clock = clock
    claiming = threading.Thread(target=runtime.claim, args=(one, clerk, task.id))
    claiming.start()
    is_held.wait(10)

    with pytest.raises(Conflict, match="holds this task"):
        runtime.complete(other, SYSTEM, task.id, {"next": "accept"})

    claiming.join()


def wait_until_somebody_waits(host: Host) -> None:
    """Wait until a transaction of this database waits for another's lock."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with host.database.read() as conn:
            if conn.scalar(query):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
