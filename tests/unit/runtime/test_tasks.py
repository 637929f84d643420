"""Claim, return, delegate and complete: by the right person, once."""

import pytest

from onething import identity, runtime
from onething.errors import AlreadyDone, Conflict, InvalidInput, KeyReused, NotAllowed, NotFound
from onething.identity import SYSTEM, Actor
from unit.runtime.node import APPLICANT, CLERK, COLLEAGUE, MONDAY, OPERATOR, OTHER, Node

ELSEWHERE = Actor("far", "远", frozenset({"clerk"}), "police", "household", "370503")
OTHER_POST = Actor("post", "岗", frozenset({"clerk"}), "police", "traffic", "370502")
HEALTH = Actor("health", "卫", frozenset({"clerk"}), "health", "household", "370502")
SUPERVISOR = Actor("chief", "长", frozenset({"supervisor"}), "police", None, "370500")
ANSWER = {"check": {"finding": "属实"}}


def test_a_task_belongs_to_department_post_and_region_of_its_lane(node: Node) -> None:
    task = node.task(node.start())

    assert (task.department, task.post, task.region) == ("police", "household", "370502")


def test_a_task_of_the_applicants_lane_belongs_to_the_applicant(node: Node) -> None:
    task = node.task(node.start("explain"))

    assert (task.department, task.party) == (None, "applicant")
    runtime.complete(node.host, APPLICANT, task.id, ANSWER)


@pytest.mark.parametrize(
    "stranger", [ELSEWHERE, OTHER_POST, HEALTH, OPERATOR, APPLICANT], ids=lambda one: one.user
)
def test_a_task_of_another_post_does_not_exist(node: Node, stranger: Actor) -> None:
    task = node.task(node.start())

    with pytest.raises(NotFound):
        runtime.complete(node.host, stranger, task.id, ANSWER)
    with pytest.raises(NotFound):
        runtime.claim(node.host, stranger, task.id)


def test_another_applicants_task_does_not_exist(node: Node) -> None:
    task = node.task(node.start("explain"))

    with pytest.raises(NotFound):
        runtime.complete(node.host, OTHER, task.id, ANSWER)


def test_a_supervisor_of_the_city_sees_the_districts_tasks(node: Node) -> None:
    task = node.task(node.start())

    receipt = runtime.claim(node.host, SUPERVISOR, task.id)

    assert not receipt.repeated


def test_a_claimed_task_is_nobody_elses(node: Node) -> None:
    task = node.task(node.start())
    runtime.claim(node.host, CLERK, task.id)

    with pytest.raises(Conflict):
        runtime.complete(node.host, COLLEAGUE, task.id, ANSWER)
    with pytest.raises(Conflict):
        runtime.claim(node.host, COLLEAGUE, task.id)
    with pytest.raises(NotAllowed):
        runtime.return_task(node.host, COLLEAGUE, task.id)


def test_a_second_claim_and_a_second_return_write_nothing(node: Node) -> None:
    case_no = node.start()
    task = node.task(case_no)
    runtime.claim(node.host, CLERK, task.id)
    again = runtime.claim(node.host, CLERK, task.id)
    runtime.return_task(node.host, CLERK, task.id)

    returned = runtime.return_task(node.host, CLERK, task.id)

    assert again.repeated
    assert returned.repeated
    assert node.kinds(case_no) == ["CaseStarted", "TaskClaimed", "TaskReturned"]


def test_a_task_is_delegated_to_a_colleague_of_the_post_alone(node: Node) -> None:
    case_no = node.start()
    task = node.task(case_no)
    identity.put_department(node.host.database, SYSTEM, MONDAY, code="police", name="公安")
    identity.put_region(node.host.database, SYSTEM, MONDAY, code="370502", name="东营区")
    identity.add_person(
        node.host.database, SYSTEM, MONDAY, user="wang", name="王", settings=node.host.settings
    )
    identity.give_post(
        node.host.database,
        SYSTEM,
        MONDAY,
        user="wang",
        roles=["clerk"],
        department_code="police",
        post_name="household",
        region_code="370502",
    )

    runtime.delegate(node.host, CLERK, task.id, "wang")

    assert node.task(case_no).assignee == "wang"
    with pytest.raises(InvalidInput):
        runtime.delegate(node.host, SUPERVISOR, task.id, "nobody")


def test_completing_closes_the_task_and_ends_the_case(node: Node) -> None:
    case_no = node.start()

    runtime.complete(node.host, CLERK, node.task(case_no).id, ANSWER)

    assert node.tasks(case_no) == []
    assert node.case(case_no).state == "CLOSED"
    assert runtime.replay(node.host, case_no).is_clean


def test_a_repeated_completion_is_answered_with_the_first_ones_answer(node: Node) -> None:
    task = node.task(node.start())
    first = runtime.complete(node.host, CLERK, task.id, ANSWER, key="once")

    again = runtime.complete(node.host, CLERK, task.id, ANSWER, key="once")

    assert (again.sequence, again.repeated) == (first.sequence, True)


def test_a_second_completion_without_the_key_is_already_done(node: Node) -> None:
    task = node.task(node.start())
    runtime.complete(node.host, CLERK, task.id, ANSWER, key="once")

    with pytest.raises(AlreadyDone):
        runtime.complete(node.host, COLLEAGUE, task.id, ANSWER)
    with pytest.raises(KeyReused):
        runtime.complete(node.host, CLERK, task.id, {"check": {"finding": "不符"}}, key="once")


@pytest.mark.parametrize("finding", ["", "长" * 21])
def test_wrong_answers_name_the_field_and_write_nothing(node: Node, finding: str) -> None:
    case_no = node.start()

    with pytest.raises(InvalidInput) as refused:
        runtime.complete(node.host, CLERK, node.task(case_no).id, {"check": {"finding": finding}})

    assert list(refused.value.fields) == ["check.finding"]
    assert node.kinds(case_no) == ["CaseStarted"]


def test_withdrawing_ends_the_case_and_cancels_its_tasks(node: Node) -> None:
    case_no = node.start()
    task = node.task(case_no)

    runtime.withdraw(node.host, APPLICANT, case_no, "不办了", key="once")

    assert node.case(case_no).result == "WITHDRAWN"
    assert runtime.withdraw(node.host, APPLICANT, case_no, "不办了", key="once").repeated
    with pytest.raises(AlreadyDone):
        runtime.complete(node.host, CLERK, task.id, ANSWER)
    with pytest.raises(Conflict):
        runtime.withdraw(node.host, APPLICANT, case_no, "再来")


def test_nobody_but_the_applicant_withdraws(node: Node) -> None:
    case_no = node.start()

    with pytest.raises(NotFound):
        runtime.withdraw(node.host, OTHER, case_no)
    with pytest.raises(NotAllowed):
        runtime.withdraw(node.host, CLERK, case_no)


def test_an_endless_reason_is_refused(node: Node) -> None:
    with pytest.raises(InvalidInput):
        runtime.withdraw(node.host, APPLICANT, node.start(), "长" * 2_001)
