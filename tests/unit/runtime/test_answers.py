"""Answers that come later than the call: they wait without holding anybody, and count once."""

from datetime import timedelta

import pytest

from onething import runtime
from onething.connectors.http import ANSWER_WITHIN
from onething.errors import AlreadyDone, AnswerInvalid, InstanceSuspended, InvalidInput, NotFound
from unit.runtime.node import APPLICANT, OPERATOR, Node

MATCH = "police.identity.verify"
ANSWER = {"matches": True, "alive": True}


def taken(node: Node, way: str = "call") -> str:
    """Start a case whose call the police take without an answer; return its number."""
    node.know()
    node.world.give({"fault": "police", "mode": "later", "times": 1})
    case_no = node.start(way)
    node.perform()
    return case_no


def state(node: Node, case_no: str) -> str:
    return node.jobs(case_no)[-1].state


def answer(node: Node, case_no: str, told=ANSWER, operation=MATCH):
    return runtime.answer_job(node.host, node.jobs(case_no)[-1].id, operation, told, way="webhook")


def refuse(node: Node, case_no: str, reason="NO_RECORD"):
    job = node.jobs(case_no)[-1]
    return runtime.refuse_job(node.host, job.id, MATCH, reason, "查无此人", way="file")


def test_a_call_that_was_taken_waits_and_nobody_asks_again(node: Node) -> None:
    case_no = taken(node)

    node.world.clock.advance(timedelta(hours=1))

    assert node.perform() == 0
    assert state(node, case_no) == "awaiting"
    assert node.incidents(case_no) == []
    assert node.case(case_no).is_open


def test_the_answer_moves_the_case_on(node: Node) -> None:
    case_no = taken(node)

    receipt = answer(node, case_no)

    assert receipt.case_no == case_no
    assert node.case(case_no).state == "CLOSED"
    assert node.kinds(case_no) == ["CaseStarted", "JobCompleted"]
    assert node.events(case_no)[-1].input["way"] == "webhook"
    assert runtime.replay(node.host, case_no).is_clean


def test_the_same_answer_again_is_answered_and_does_nothing(node: Node) -> None:
    case_no = taken(node)
    answer(node, case_no)

    again = answer(node, case_no, ANSWER | {"undeclared": 1})

    assert again.repeated
    assert node.kinds(case_no) == ["CaseStarted", "JobCompleted"]


def test_another_answer_to_the_same_call_is_refused(node: Node) -> None:
    case_no = taken(node)
    answer(node, case_no)

    with pytest.raises(AlreadyDone):
        answer(node, case_no, {"matches": False, "alive": True})
    with pytest.raises(AlreadyDone):
        refuse(node, case_no)


def test_an_answer_that_breaks_the_contract_changes_nothing(node: Node) -> None:
    case_no = taken(node)

    with pytest.raises(AnswerInvalid):
        answer(node, case_no, {"matches": "yes"})

    assert state(node, case_no) == "awaiting"


def test_an_answer_to_no_call_of_this_operation_is_unknown(node: Node) -> None:
    case_no = taken(node)

    for operation in ("police.household.get", "police.nothing"):
        with pytest.raises((NotFound, AnswerInvalid)):
            answer(node, case_no, operation=operation)
    for job_id in ("", "none:1", f"{node.instance(case_no)}:none"):
        with pytest.raises(NotFound):
            runtime.answer_job(node.host, job_id, MATCH, ANSWER, way="file")


def test_an_answer_may_be_faster_than_the_call_that_asked_for_it(node: Node) -> None:
    node.know()
    case_no = node.start("call")

    answer(node, case_no)

    assert node.case(case_no).state == "CLOSED"
    assert node.perform() == 0


def test_a_refusal_that_the_model_catches_goes_its_way(node: Node) -> None:
    case_no = taken(node, "careful")

    refuse(node, case_no)

    assert node.task(case_no).activity == "search"
    assert node.incidents(case_no) == []
    assert refuse(node, case_no).repeated


def test_a_refusal_that_nothing_catches_is_one_incident(node: Node) -> None:
    case_no = taken(node)

    refuse(node, case_no)
    again = refuse(node, case_no)

    assert again.repeated
    assert [one.code for one in node.incidents(case_no)] == ["NO_RECORD"]


def test_a_refusal_for_an_unknown_reason_is_none(node: Node) -> None:
    case_no = taken(node)

    with pytest.raises(InvalidInput):
        refuse(node, case_no, "BUSY")

    assert state(node, case_no) == "awaiting"


def test_an_answer_that_does_not_come_is_an_incident_that_a_late_answer_resolves(
    node: Node,
) -> None:
    case_no = taken(node)
    assert runtime.give_up_waiting(node.host) == 0
    node.world.clock.advance(ANSWER_WITHIN)

    given_up = runtime.give_up_waiting(node.host)

    assert given_up == 1
    assert [one.code for one in node.incidents(case_no)] == ["UNAVAILABLE"]
    answer(node, case_no)
    assert node.incidents(case_no) == []
    assert node.case(case_no).state == "CLOSED"
    assert runtime.replay(node.host, case_no).is_clean


def test_the_answer_for_a_withdrawn_case_is_too_late(node: Node) -> None:
    case_no = taken(node)
    runtime.withdraw(node.host, APPLICANT, case_no)

    with pytest.raises(AlreadyDone):
        answer(node, case_no)

    assert state(node, case_no) == "cancelled"


def test_an_answer_for_a_suspended_case_is_kept_and_applied_when_it_is_resumed(node: Node) -> None:
    case_no = taken(node)
    runtime.suspend(node.host, OPERATOR, case_no, "系统维护")

    first, again = answer(node, case_no), answer(node, case_no)

    assert (first.repeated, again.repeated) == (True, True)
    assert node.kinds(case_no) == ["CaseStarted", "Suspended"]
    with pytest.raises(AlreadyDone):
        answer(node, case_no, ANSWER | {"matches": False})
    runtime.resume(node.host, OPERATOR, case_no, "恢复")
    node.perform()
    assert node.case(case_no).state == "CLOSED"
    assert len(node.world.received(case_no)) == 1
    assert runtime.replay(node.host, case_no).is_clean


def test_a_refusal_for_a_suspended_case_is_to_be_told_again(node: Node) -> None:
    case_no = taken(node, "careful")
    runtime.suspend(node.host, OPERATOR, case_no, "系统维护")

    with pytest.raises(InstanceSuspended):
        refuse(node, case_no)

    runtime.resume(node.host, OPERATOR, case_no, "恢复")
    refuse(node, case_no)
    assert node.task(case_no).activity == "search"
