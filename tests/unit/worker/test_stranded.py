"""Work that a worker has claimed without hearing of it is performed all the same."""

from onething import runtime
from onething.worker import durable
from onething.worker.durable import Durable
from onething.worker.watch import Stranded
from unit.runtime.node import Node
from unit.worker.tables import execute


def test_only_what_stays_idle_at_every_look_is_stranded():
    now = [0.0]
    watch = Stranded(60, lambda: now[0])

    looks = []
    for at, idle in ((0, {"a", "b"}), (30, {"a"}), (59, {"a", "b"}), (60, {"a", "b"})):
        now[0] = at
        looks.append(watch.look(idle))

    assert looks == [set(), set(), set(), {"a"}]


def test_a_claim_whose_answer_was_lost_is_queued_again_and_performed(node: Node, monkeypatch):
    monkeypatch.setattr(durable, "STRANDED_S", 0.0)
    monkeypatch.setattr(durable, "SELDOM_S", 3600.0)  # nothing but this test claims
    node.know()
    case_no = node.start("call")
    runtime.prepare_gates(node.host)
    engine = Durable(node.host, "one", 1)
    engine.start()
    try:
        assert runtime.relay_due(node.host, engine) == 1
        claim_for("one", engine)

        found = runtime.find_lost(node.host, engine)
    finally:
        engine.stop()

    assert found == 1
    assert runtime.perform_due(node.host) == 1
    assert node.case(case_no).state == "CLOSED"


def claim_for(executor: str, engine: Durable) -> None:
    """Claim all work in the database, as a dequeue whose answer never came has done."""
    execute(
        engine, "UPDATE workflow_status SET status = 'PENDING', executor_id = :one", one=executor
    )
    assert engine.executors() == {executor}
