"""Suspension: nothing goes on in a case, nothing is lost, and the law's clocks run on."""

from datetime import timedelta

import pytest

from onething import incidents, instances, jobs, messages, runtime
from onething.errors import (
    AlreadyDone,
    Conflict,
    InstanceSuspended,
    InvalidInput,
    KeyReused,
    NotAllowed,
)
from unit.runtime.node import APPLICANT, CLERK, OPERATOR, Node
from unit.runtime.versions import deploy

WHY = "部门系统维护"
ANSWERS = {"check": {"finding": "属实"}}


def suspend(node: Node, case_no: str, **more: str) -> runtime.Receipt:
    return runtime.suspend(node.host, OPERATOR, case_no, **{"reason": WHY, **more})


def resume(node: Node, case_no: str, **more: str) -> runtime.Receipt:
    return runtime.resume(node.host, OPERATOR, case_no, **{"reason": "恢复", **more})


def status(node: Node, case_no: str) -> str:
    with node.host.database.read() as conn:
        return instances.get(conn, node.instance(case_no)).status


def test_a_suspended_case_completes_no_task_until_it_is_resumed(node: Node) -> None:
    case_no = node.start()
    task = node.task(case_no)
    suspend(node, case_no)

    with pytest.raises(InstanceSuspended):
        runtime.complete(node.host, CLERK, task.id, ANSWERS)

    resume(node, case_no)
    runtime.complete(node.host, CLERK, task.id, ANSWERS)
    assert node.kinds(case_no) == ["CaseStarted", "Suspended", "Resumed", "TaskCompleted"]
    assert runtime.replay(node.host, case_no).is_clean


def test_history_says_who_held_it_and_why(node: Node) -> None:
    case_no = node.start()

    suspend(node, case_no)

    event = node.events(case_no)[-1]
    assert (event.kind, event.actor, event.input["reason"]) == ("Suspended", "operator", WHY)
    with node.host.database.read() as conn:
        held = runtime.suspension(conn, node.instance(case_no))
    assert held is not None
    assert (held.by, held.reason) == ("operator", WHY)


def test_a_job_rests_and_is_performed_once_after_resuming(node: Node) -> None:
    node.know()
    case_no = node.start("call")
    suspend(node, case_no)

    assert node.perform() == 0
    assert [one.state for one in node.jobs(case_no)] == ["suspended"]

    resume(node, case_no)
    assert node.perform() == 1
    assert node.case(case_no).state == "CLOSED"
    assert len(node.world.received(case_no)) == 1


class SuspendedMeanwhile:
    """A way to the departments on which the operator suspends the case before the answer."""

    def __init__(self, node: Node, case_no: str) -> None:
        self.node, self.case_no, self.real = node, case_no, node.host.departments

    def call(self, *asked: object) -> dict[str, object]:
        suspend(self.node, self.case_no)
        return self.real.call(*asked)


def test_an_answer_that_comes_after_suspending_is_kept_and_applied_once(node: Node) -> None:
    node.know()
    case_no = node.start("call")
    real = node.host.departments
    node.host.departments = SuspendedMeanwhile(node, case_no)

    node.perform()

    assert node.kinds(case_no) == ["CaseStarted", "Suspended"]
    assert [one.state for one in node.jobs(case_no)] == ["suspended"]
    node.host.departments = real
    resume(node, case_no)
    node.perform()
    assert node.case(case_no).state == "CLOSED"
    assert len(node.world.received(case_no)) == 1


def test_a_timer_waits_and_fires_as_of_its_own_time(node: Node) -> None:
    case_no = node.start("clock")
    suspend(node, case_no)
    node.world.clock.advance(timedelta(days=400))

    assert runtime.fire_timers(node.host) == 0
    with node.host.database.read() as conn:
        assert jobs.next_timer(conn) is None
        assert jobs.backlog(conn, node.host.clock()).timers_due == 0

    resume(node, case_no)
    assert runtime.fire_timers(node.host) == 1
    assert runtime.replay(node.host, case_no).is_clean


def test_a_message_is_kept_for_it_and_delivered_once(node: Node) -> None:
    case_no = node.start("pay")
    suspend(node, case_no)

    sent = runtime.correlate(node.host, OPERATOR, "Paid", correlation_key=case_no, payload={"n": 1})

    assert sent is None
    assert runtime.deliver_kept(node.host) == 0
    resume(node, case_no)
    assert runtime.deliver_kept(node.host) == 1
    assert runtime.deliver_kept(node.host) == 0
    assert node.kinds(case_no)[-1] == "MessageCorrelated"
    assert runtime.replay(node.host, case_no).is_clean


def test_a_signal_is_kept_for_it_alone(node: Node) -> None:
    held, free = node.start("bell"), node.start("bell", idNo="370502198709039827")
    suspend(node, held)

    receipts = runtime.broadcast(node.host, OPERATOR, "Bell")

    assert [one.case_no for one in receipts] == [free]
    resume(node, held)
    assert runtime.deliver_kept(node.host) == 1
    assert node.kinds(held)[-1] == "SignalReceived"


def test_what_was_let_go_is_held_again_by_a_second_suspension(node: Node) -> None:
    case_no = node.start("pay")
    suspend(node, case_no)
    runtime.correlate(node.host, OPERATOR, "Paid", correlation_key=case_no)
    resume(node, case_no)
    suspend(node, case_no)

    assert runtime.deliver_kept(node.host) == 0

    with node.host.database.read() as conn:
        (one,) = messages.held_for(conn, node.instance(case_no))
    assert one.ready_at is None


def test_an_applicant_cannot_withdraw_it_meanwhile(node: Node) -> None:
    case_no = node.start()
    suspend(node, case_no)

    with pytest.raises(InstanceSuspended):
        runtime.withdraw(node.host, APPLICANT, case_no)


def test_an_incident_of_it_is_not_retried(node: Node) -> None:
    case_no = node.start("stuck")
    (incident,) = node.incidents(case_no)
    suspend(node, case_no)

    with pytest.raises(InstanceSuspended):
        runtime.retry(node.host, OPERATOR, incident.id)

    with node.host.database.read() as conn:
        assert incidents.get(conn, incident.id).state == "open"


@pytest.mark.parametrize("act", [suspend, resume])
def test_a_repeated_request_is_answered_and_not_done_again(node: Node, act) -> None:
    case_no = node.start()
    if act is resume:
        suspend(node, case_no)

    first, again = act(node, case_no, key="once"), act(node, case_no, key="once")

    assert (first.sequence, again.repeated) == (again.sequence, True)
    with pytest.raises(KeyReused):
        act(node, case_no, key="once", reason="另一个原因")


def test_what_is_so_already_is_told(node: Node) -> None:
    case_no = node.start()

    with pytest.raises(AlreadyDone):
        resume(node, case_no)
    suspend(node, case_no)
    with pytest.raises(AlreadyDone):
        suspend(node, case_no)


@pytest.mark.parametrize("command", [runtime.suspend, runtime.resume, runtime.cancel])
def test_only_operators_act_and_never_without_a_reason(node: Node, command) -> None:
    case_no = node.start()

    with pytest.raises(NotAllowed):
        command(node.host, CLERK, case_no, WHY)
    with pytest.raises(InvalidInput):
        command(node.host, OPERATOR, case_no, " ")
    with pytest.raises(InvalidInput):
        command(node.host, OPERATOR, case_no, "长" * 2001)
    assert node.kinds(case_no) == ["CaseStarted"]


@pytest.mark.parametrize("is_suspended", [False, True])
def test_a_cancelled_case_has_ended_for_good(node: Node, *, is_suspended: bool) -> None:
    case_no = node.start("call")
    if is_suspended:
        suspend(node, case_no)

    runtime.cancel(node.host, OPERATOR, case_no, "重复受理")

    assert status(node, case_no) == "cancelled"
    assert node.case(case_no).result == "TERMINATED"
    assert [one.state for one in node.jobs(case_no)] == ["cancelled"]
    assert runtime.replay(node.host, case_no).is_clean
    for command in (runtime.suspend, runtime.resume, runtime.cancel):
        with pytest.raises(Conflict):
            command(node.host, OPERATOR, case_no, WHY)


def test_a_suspended_case_migrates_and_stays_suspended_with_its_jobs_and_timers(node: Node) -> None:
    called, timed = node.start("call"), node.start("clock", idNo="370502198709039827")
    for case_no in (called, timed):
        suspend(node, case_no)
    deploy(node, ('name="人工核查"', 'name="人工查找"'))

    moving = runtime.prepare_migration(node.host, OPERATOR, "permit", 1, 2)
    outcomes = [one.outcome for one in runtime.migrate(moving)]

    node.world.clock.advance(timedelta(days=400))
    assert outcomes == ["moved", "moved"]
    assert {status(node, called), status(node, timed)} == {"suspended"}
    assert (node.perform(), runtime.fire_timers(node.host)) == (0, 0)
    assert all(runtime.replay(node.host, one).is_clean for one in (called, timed))
