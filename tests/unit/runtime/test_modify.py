"""Modification: an operator moves a token with a reason; history has it like any other event."""

import pytest

from onething import runtime
from onething.errors import Conflict, InvalidInput, KeyReused, NotAllowed, NotFound
from onething.identity import Actor
from unit.runtime.node import APPLICANT, CLERK, OPERATOR, Node

WHY = "窗口已线下核查"


def modify(node: Node, case_no: str, **words: str) -> runtime.Receipt:
    return runtime.modify(node.host, OPERATOR, case_no, **{"reason": WHY, **words})


def test_a_token_moves_and_its_task_with_it(node: Node) -> None:
    case_no = node.start("explain")
    before = node.task(case_no)

    modify(node, case_no, cancel="explain", start="check")

    assert [one.activity for one in node.tasks(case_no)] == ["check"]
    assert [one.state for one in node.tasks(case_no, ("cancelled",))] == ["cancelled"]
    assert node.task(case_no).id != before.id
    assert runtime.replay(node.host, case_no).is_clean


def test_history_says_who_moved_what_and_why(node: Node) -> None:
    case_no = node.start("pay")

    modify(node, case_no, cancel="paid", start="check")

    event = node.events(case_no)[-1]
    assert (event.kind, event.actor, event.input["reason"]) == ("Modified", "operator", WHY)
    assert (event.input["cancel"], event.input["start"]) == ("paid", "check")


def test_a_stuck_case_goes_on_and_its_incident_is_over(node: Node) -> None:
    case_no = node.start("stuck")

    modify(node, case_no, cancel="stuck", start="check")

    assert node.incidents(case_no) == []
    assert node.task(case_no).activity == "check"


def test_a_job_in_the_queue_is_cancelled_with_its_token(node: Node) -> None:
    case_no = node.start("call")

    modify(node, case_no, cancel="ask", start="search")

    assert [one.state for one in node.jobs(case_no)] == ["cancelled"]
    assert node.perform() == 0


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"cancel": "check"}, Conflict),
        ({"cancel": "nothing", "start": "check"}, NotFound),
        ({"cancel": "check", "start": "nothing"}, NotFound),
        ({"cancel": "check", "start": "given-up"}, Conflict),
        ({}, InvalidInput),
        ({"cancel": "check", "start": "search", "reason": " "}, InvalidInput),
        ({"cancel": "check", "start": "search", "reason": "长" * 2001}, InvalidInput),
    ],
)
def test_an_impossible_modification_leaves_no_trace(
    node: Node, words: dict[str, str], error: type[Exception]
) -> None:
    case_no = node.start()

    with pytest.raises(error):
        modify(node, case_no, **words)

    assert node.kinds(case_no) == ["CaseStarted"]
    runtime.complete(node.host, CLERK, node.task(case_no).id, {"check": {"finding": "属实"}})
    assert runtime.replay(node.host, case_no).is_clean


def test_an_ended_case_is_not_modified(node: Node) -> None:
    case_no = node.start()
    runtime.withdraw(node.host, APPLICANT, case_no)

    with pytest.raises(Conflict):
        modify(node, case_no, start="check")


def test_a_repeated_request_is_answered_and_not_done_again(node: Node) -> None:
    case_no = node.start("pay")
    first = modify(node, case_no, cancel="paid", start="check", key="k")

    again = modify(node, case_no, cancel="paid", start="check", key="k")

    assert (again.sequence, again.repeated) == (first.sequence, True)
    with pytest.raises(KeyReused):
        modify(node, case_no, cancel="check", start="search", key="k")


@pytest.mark.parametrize("role", ["administrator", "designer", "clerk", "auditor", "applicant"])
def test_only_an_operator_modifies(node: Node, role: str) -> None:
    case_no = node.start()
    other = Actor("zhang", "张三", frozenset({role}))

    with pytest.raises(NotAllowed):
        runtime.modify(node.host, other, case_no, cancel="check", start="search", reason=WHY)
