"""Jobs: asked outside, applied once, given up with words that name nobody."""

from datetime import timedelta

import pytest

from onething import jobs, runtime
from onething.errors import AlreadyDone, InvalidInput, NotAllowed
from onething.runtime.jobs.perform_job import perform, perform_relayed
from unit.runtime.node import APPLICANT, ID_NO, OPERATOR, Node, id_no


def fault(node: Node, mode: str, times: int | None = None) -> None:
    node.world.give({"fault": "police", "mode": mode, "times": times})


def give_up(node: Node, case_no: str) -> None:
    """Let retries pass until the job stops."""
    for _ in range(10):
        node.perform()
        node.world.clock.advance(timedelta(hours=1))
    assert node.incidents(case_no)


def test_an_answer_moves_the_case_on(node: Node) -> None:
    node.know()
    case_no = node.start("call")

    node.perform()

    assert node.kinds(case_no) == ["CaseStarted", "JobCompleted"]
    assert node.case(case_no).state == "CLOSED"
    assert runtime.replay(node.host, case_no).is_clean


def test_a_refusal_that_the_model_catches_goes_its_way(node: Node) -> None:
    case_no = node.start("careful")

    node.perform()

    assert node.task(case_no).activity == "search"
    assert node.incidents(case_no) == []


def test_a_refusal_that_nothing_catches_is_an_incident_and_the_case_waits(node: Node) -> None:
    case_no = node.start("call")

    node.perform()

    (incident,) = node.incidents(case_no)
    assert (incident.code, incident.activity) == ("NO_RECORD", "ask")
    assert ID_NO not in incident.message
    assert node.case(case_no).is_open


def test_a_system_that_is_down_is_asked_again_later(node: Node) -> None:
    node.know()
    fault(node, "down", times=1)
    case_no = node.start("call")
    node.perform()
    assert node.perform() == 0

    node.world.clock.advance(timedelta(hours=1))
    node.perform()

    assert node.case(case_no).state == "CLOSED"


def test_a_system_that_stays_down_is_an_incident_that_a_retry_resolves(node: Node) -> None:
    node.know()
    fault(node, "down")
    case_no = node.start("call")
    give_up(node, case_no)
    (incident,) = node.incidents(case_no)
    node.world.exchange.faults.clear("police")

    runtime.retry(node.host, OPERATOR, incident.id, reason="系统恢复")
    node.perform()

    assert node.incidents(case_no) == []
    assert node.case(case_no).state == "CLOSED"
    with pytest.raises(AlreadyDone):
        runtime.retry(node.host, OPERATOR, incident.id)


def test_a_retry_with_mended_input_is_another_call(node: Node) -> None:
    node.know(id_no="370502198709039827")
    case_no = node.start("call")
    node.perform()
    (incident,) = node.incidents(case_no)

    runtime.retry(node.host, OPERATOR, incident.id, inputs={"idNo": "370502198709039827"})
    node.perform()

    assert node.case(case_no).state == "CLOSED"
    assert len({job.effect_key for job in node.jobs(case_no)}) == 2
    assert runtime.replay(node.host, case_no).is_clean


def test_a_job_is_completed_by_hand_with_a_reason_and_a_fitting_answer(node: Node) -> None:
    case_no = node.start("call")
    node.perform()
    (incident,) = node.incidents(case_no)
    answer = {"matches": True, "alive": True}

    with pytest.raises(InvalidInput):
        runtime.complete_by_hand(node.host, OPERATOR, incident.id, answer, " ")
    with pytest.raises(InvalidInput):
        runtime.complete_by_hand(node.host, OPERATOR, incident.id, {"matches": 7}, "电话核实")
    with pytest.raises(NotAllowed):
        runtime.complete_by_hand(node.host, APPLICANT, incident.id, answer, "电话核实")
    runtime.complete_by_hand(node.host, OPERATOR, incident.id, answer, "电话核实")

    assert node.kinds(case_no)[-1] == "JobCompletedByHand"
    assert node.incidents(case_no) == []


def test_a_withdrawn_case_asks_nobody_any_more(node: Node) -> None:
    node.know()
    case_no = node.start("call")

    runtime.withdraw(node.host, APPLICANT, case_no)

    assert node.perform() == 0
    assert [job.state for job in node.jobs(case_no)] == ["cancelled"]


def test_the_incident_of_a_withdrawn_case_is_over(node: Node) -> None:
    case_no = node.start("call")
    node.perform()

    runtime.withdraw(node.host, APPLICANT, case_no)

    assert node.incidents(case_no) == []
    assert [job.state for job in node.jobs(case_no)] == ["cancelled"]


def test_a_refusal_that_comes_after_the_withdrawal_raises_no_incident(node: Node) -> None:
    case_no = node.start("call")
    now = node.host.clock()
    (job,) = node.host.write(lambda conn: jobs.take_due(conn, now, 1))
    runtime.withdraw(node.host, APPLICANT, case_no)

    perform(node.host, job)

    assert node.incidents(case_no) == []
    assert "JobFailed" not in node.kinds(case_no)


def test_a_job_that_is_handed_over_is_not_due_for_anybody_else(node: Node) -> None:
    node.know()
    node.start("call")
    now = node.host.clock()

    first = node.host.write(lambda conn: jobs.take_due(conn, now, 5))
    second = node.host.write(lambda conn: jobs.take_due(conn, now, 5))

    assert (len(first), len(second)) == (1, 0)


def test_a_round_that_was_put_back_meanwhile_changes_nothing(node: Node) -> None:
    node.know()
    case_no = node.start("call")
    now = node.host.clock()
    (late,) = node.host.write(lambda conn: jobs.take_due(conn, now, 1))
    node.host.write(lambda conn: jobs.put_back(conn, late, now))
    node.perform()

    perform(node.host, late)

    assert node.kinds(case_no) == ["CaseStarted", "JobCompleted"]
    assert perform_relayed(node.host, late.instance_id, late.effect_key, late.round) == "gone"


def test_waits_are_doubled_capped_and_spread(node: Node) -> None:
    node.know()
    fault(node, "down")
    cases = [node.start("call", idNo=id_no(at)) for at in range(2)]
    waits: list[list[float]] = [[], []]

    for _ in range(3):
        node.perform()
        for case_no, of_case in zip(cases, waits, strict=True):
            (job,) = node.jobs(case_no)
            of_case.append((job.due_at - node.host.clock()).total_seconds())
        node.world.clock.advance(timedelta(hours=1))

    for of_case in waits:
        assert all(5 * 2**at <= wait <= 10 * 2**at for at, wait in enumerate(of_case))
    assert waits[0] != waits[1]


def test_a_step_without_a_way_on_is_an_incident_without_names(node: Node) -> None:
    case_no = node.start("stuck")

    (incident,) = node.incidents(case_no)
    runtime.retry(node.host, OPERATOR, incident.id, inputs={"person": {"name": "nobody"}})

    assert "张三" not in incident.message
    assert node.task(case_no).activity == "check"
    assert runtime.replay(node.host, case_no).is_clean
