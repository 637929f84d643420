"""What the job engine is relied on for, beside its own crashes: each pitfall that it has."""

import inspect
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from dbos import DBOS

import onething
from onething import runtime
from onething.jobs import JobRow
from onething.worker import durable
from onething.worker.durable import Durable
from onething.worker.performing import Performing
from unit.runtime.node import Node, id_no
from unit.worker.site import wait_for
from unit.worker.tables import everything, execute, reaching, tables

HOUR_S = 3600
VALUES = {"inputs", "output", "error", "message", "value", "attributes"}
"""Columns of the engine that hold what a workflow was given, gave or said."""
PERSONAL = "李玉兰"
GIVEN = {"positionalArgs": [], "namedArgs": {}}


@pytest.fixture
def engine(node: Node) -> Iterator[Durable]:
    """An engine that claims and performs."""
    runtime.prepare_gates(node.host)
    started = Durable(node.host, "one", 1)
    started.start()
    yield started
    started.stop(5)


@pytest.fixture
def idle(monkeypatch, request) -> Durable:
    """An engine that takes over and claims nothing by itself."""
    monkeypatch.setattr(durable, "SELDOM_S", 3600.0)
    return request.getfixturevalue("engine")


def call(node: Node, engine: Durable, count: int = 1, first: int = 0) -> list[JobRow]:
    """Open cases that each ask the police, and hand their jobs over."""
    numbers = []
    for at in range(first, first + count):
        node.know(PERSONAL, id_no(at))
        numbers.append(node.start("call", name=PERSONAL, idNo=id_no(at)))
    assert runtime.relay_due(node.host, engine) == count
    return [job for one in numbers for job in node.jobs(one)]


def statuses(engine: Durable) -> dict[str, str]:
    return dict(execute(engine, "SELECT workflow_uuid, status FROM workflow_status"))


def wait_until_all(engine: Durable, status: str) -> None:
    wait_for(lambda: set(statuses(engine).values()) == {status}, lambda: statuses(engine))


def perform_from_now(engine: Durable, node: Node, name: str) -> Durable:
    """Let another engine that claims take the place of an idle one."""
    execute(engine, "DELETE FROM queues")  # its pace would outlive it
    engine.stop()
    durable.SELDOM_S = 0.1
    another = Durable(node.host, name, 1)
    another.start()
    return another


def claim(engine: Durable, executor: str, taken: Sequence[JobRow]) -> None:
    """Claim work for an executor, as its dequeue does."""
    for job in taken:
        execute(
            engine,
            "UPDATE workflow_status SET status = 'PENDING', executor_id = :who "
            "WHERE workflow_uuid = :id",
            who=executor,
            id=job.workflow_id,
        )


def test_nothing_pickled_and_nothing_personal_stands_in_the_tables_of_the_engine(node, engine):
    call(node, engine, 2)
    node.world.give({"fault": "police", "mode": "down", "times": 1})
    call(node, engine, 1, first=2)
    wait_until_all(engine, "SUCCESS")

    texts = everything(engine)

    assert len([json.loads(one) for name, one in texts if name in VALUES]) >= 3 * 2
    assert {one for name, one in texts if name == "serialization"} == {"portable_json"}
    assert not [one for one in texts if PERSONAL in str(one[1]) or id_no(0) in str(one[1])]
    assert not [one for one in texts if isinstance(one[1], bytes)]


def test_a_defect_leaves_no_personal_value_in_the_tables_of_the_engine(node, engine, monkeypatch):
    def defect(*_words: Any) -> str:
        raise ValueError(f"cannot read {PERSONAL}")

    monkeypatch.setattr(runtime, "perform_relayed", defect)
    call(node, engine)
    wait_until_all(engine, "ERROR")

    texts = everything(engine)

    assert [json.loads(one)["name"] for name, one in texts if name == "error"]
    assert not [one for one in texts if PERSONAL in str(one[1])]


def test_ended_workflows_are_deleted_after_the_time_that_is_set_and_unfinished_ones_never(
    node, monkeypatch
):
    monkeypatch.setattr(durable, "_DELETED_AT_ONCE", 1)
    node.host.settings = replace(node.host.settings, workflow_hours=2)
    performing = Performing(node.host, "one")
    performing.start()
    engine = performing._durable
    assert engine is not None
    try:
        old = call(node, engine, 2)
        wait_until_all(engine, "SUCCESS")
        execute(engine, "UPDATE workflow_status SET completed_at = :at", at=ago(2.1))
        young = call(node, engine, 1, first=2)
        wait_for(lambda: statuses(engine)[young[0].workflow_id] == "SUCCESS")
        put_in_by_hand(engine, "unfinished", [], status="PENDING", queue_name="none")
        put_in_by_hand(engine, "waiting", [], queue_name="none")
        execute(engine, "UPDATE workflow_status SET created_at = :at", at=ago(999))

        performing.watch()
        left = statuses(engine)
        inputs = execute(engine, "SELECT workflow_uuid FROM workflow_input")
    finally:
        performing.stop(5)

    assert len(old) == 2
    assert set(left) == {young[0].workflow_id, "unfinished", "waiting"}
    assert {one for (one,) in inputs} == set(left)


def ago(hours: float) -> int:
    """Return the instant so long ago, in the engine's milliseconds."""
    return int((time.time() - hours * HOUR_S) * 1000)


def put_in_by_hand(engine: Durable, workflow_id: str, given: list[Any], **other: Any) -> None:
    """Write what the first release that used the engine wrote when it handed a job over.

    This text is a contract: a site is upgraded while such rows are there.
    """
    row = {
        "workflow_uuid": workflow_id,
        "status": "ENQUEUED",
        "name": "perform_job",
        "queue_name": "jobs",
        "application_version": "jobs-1",
        "application_name": "onething",
        "executor_id": "one" if other.get("status") == "PENDING" else "",
        "recovery_attempts": 0,
        "priority": 0,
        "created_at": ago(0),
        "updated_at": ago(0),
        "serialization": "portable_json",
    } | other
    inputs = json.dumps(GIVEN | {"positionalArgs": given})
    into = {one.name: one.insert() for one in tables(engine)}
    with reaching(engine) as conn:  # at once: the queue listens
        conn.execute(into["workflow_status"].values(row))
        conn.execute(
            into["workflow_input"].values({"workflow_uuid": workflow_id, "inputs": inputs})
        )


def test_what_one_version_of_the_product_handed_over_another_one_performs(node, monkeypatch):
    monkeypatch.setattr(durable, "SELDOM_S", 3600.0)
    monkeypatch.setattr(onething, "__version__", "1.0.0")
    runtime.prepare_gates(node.host)
    older = Durable(node.host, "older", 1)
    older.start()
    claimed, queued = call(node, older, 2)
    claim(older, "older", [claimed])
    versions = execute(older, "SELECT DISTINCT application_version FROM workflow_status")

    monkeypatch.setattr(onething, "__version__", "2.0.0")
    newer = perform_from_now(older, node, "newer")
    try:
        newer.recover(["older"])
        wait_until_all(newer, "SUCCESS")
    finally:
        newer.stop(5)

    assert versions == [("jobs-1",)]
    assert {job.state for job in (*rounds(node, claimed), *rounds(node, queued))} == {"done"}


def rounds(node: Node, job: JobRow) -> list[JobRow]:
    with node.host.database.read() as conn:
        return onething.jobs.of_instance(conn, job.instance_id)


def test_what_the_first_release_wrote_is_performed(node, engine, monkeypatch):
    (job,) = call_unseen(node)

    put_in_by_hand(engine, job.workflow_id, [job.instance_id, job.effect_key, job.round])
    wait_until_all(engine, "SUCCESS")

    assert [one.state for one in rounds(node, job)] == ["done"]


def call_unseen(node: Node) -> list[JobRow]:
    """Open a case and mark its job as handed over, to nobody."""
    node.know()
    case_no = node.start("call")
    node.host.write(lambda conn: onething.jobs.take_due(conn, node.host.clock(), 9))
    return node.jobs(case_no)


def test_a_row_is_written_as_the_first_release_wrote_it(node, idle):
    (job,) = call(node, idle)
    query = (
        "SELECT name, queue_name, application_version, application_name, serialization "
        "FROM workflow_status"
    )

    ((*plain,),) = execute(idle, query)
    ((inputs,),) = execute(idle, "SELECT inputs FROM workflow_input")

    assert plain == ["perform_job", "jobs", "jobs-1", "onething", "portable_json"]
    assert json.loads(inputs)["positionalArgs"] == [job.instance_id, job.effect_key, job.round]


def test_the_private_way_to_take_over_work_is_there_and_takes_the_names_of_executors():
    (executors,) = inspect.signature(DBOS._recover_pending_workflows).parameters.values()

    assert executors.name == "executor_ids"
    assert executors.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD


def test_only_the_work_of_those_named_is_taken_over_once_and_performed(node, idle):
    *left, kept = call(node, idle, 3)
    claim(idle, "dead", left)
    claim(idle, "living", [kept])
    assert idle.executors() == {"dead", "living"}

    taken = [idle.recover(["dead", "nobody"]), idle.recover(["dead"])]
    now_performing = perform_from_now(idle, node, "two")
    try:
        ended = {one.workflow_id for one in left}
        wait_for(lambda: {statuses(now_performing)[one] for one in ended} == {"SUCCESS"})
        others = now_performing.executors()
    finally:
        now_performing.stop(5)

    assert taken == [2, 0]
    assert {job.state for one in left for job in rounds(node, one)} == {"done"}
    assert [job.state for job in rounds(node, kept)] == ["relayed"]
    assert others == {"living"}


def test_work_that_workers_died_of_too_often_is_not_performed_again(node, idle):
    (job,) = call(node, idle)
    claim(idle, "dead", [job])
    worn = "UPDATE workflow_status SET recovery_attempts = :n"
    execute(idle, worn, n=durable.MOST_DEATHS + 1)

    idle.recover(["dead"])
    engine = perform_from_now(idle, node, "two")
    try:
        wait_for(lambda: engine.fates([job.workflow_id]) == {job.workflow_id: "killing"})
    finally:
        engine.stop(5)

    assert [one.state for one in rounds(node, job)] == ["relayed"]
